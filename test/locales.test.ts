import { describe, expect, it } from "vitest";
import { LOCALES, messages, pickLocale } from "../src/locales/locales.ts";
import { outbox, PROVIDERS, received } from "./support/outbox.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "./support/world.ts";

const OPEN = { ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "0" };
const values = { site: "auth.test", link: "https://auth.test/x", code: "123456", minutes: 5, at: 0 };

/** Tests whether messages of this kind carry a code. */
const isCode = (kind: string) => /code|verification|change$/.test(kind);

describe.each(LOCALES)("in %s", (locale) => {
  const { "password-reset-link": resetLink, ...wordings } = messages[locale].mails;

  it.each(Object.keys(wordings) as (keyof typeof wordings)[])("%s says where, what and when", (name) => {
    const { subject, paragraphs, text } = wordings[name](values);
    const mail = paragraphs.join("\n");

    expect(subject).not.toMatch(/[\r\n\d]/);
    for (const said of [mail, text ?? ""]) {
      expect(said).toContain("auth.test");
      if (isCode(name)) expect(said).toContain("123456");
    }
    if (isCode(name)) expect(mail).toMatch(/\b5 [Mm]inut/);
    if (/changed|reused/.test(name)) expect(mail).toContain("1970");
    // Two segments of UCS-2, which all letters fit.
    expect(text?.length).toBeLessThanOrEqual(134);
  });

  it("a link stands in a line of its own, so that it can be followed", () => {
    const { subject, paragraphs } = resetLink(values);

    expect(paragraphs).toContain(values.link);
    expect(paragraphs.join()).toMatch(/auth\.test.*\b5 [Mm]inut/);
    expect(subject).not.toMatch(/[\r\n\d]/);
  });
});

describe("a message", () => {
  const subjects = async () => (await outbox.all()).map(({ subject }) => subject);

  it("is in the language that the browser asks for", async () => {
    const { world } = await createWorldWithJane(OPEN);

    for (const language of ["de-CH,la;q=0.9", "la,en", ""]) {
      await world.post("/auth/forgot-password", { identifier: "janedoe" }, { "accept-language": language });
    }
    await world.flush();

    expect(await subjects()).toEqual(["Setzen Sie Ihr Passwort zurück", "Reset your password", "Reset your password"]);
    expect(JSON.parse((await received())[0]!.body).html).toContain('<html lang="de">');
  });

  it("is in the user's own language, whatever the browser asks for", async () => {
    const { world, login } = await createWorldWithJane(OPEN);
    const body = { locale: "de-AT" };
    const { json } = await world.call("PATCH", "/users/me", { token: (await login()).access_token, body });
    expect(json.locale).toBe("de-AT");

    for (const path of ["/auth/forgot-password", "/auth/request-reset", "/auth/verify/resend"]) {
      await world.post(path, { identifier: "janedoe" }, { "accept-language": "en" });
    }
    await world.flush();

    expect(await subjects()).toEqual([
      "Setzen Sie Ihr Passwort zurück",
      "Ihr Code zum Zurücksetzen des Passworts",
      "Ihr Bestätigungscode",
    ]);
  });

  it("is in the language of the request also where the queue asks for another one", async () => {
    const { world, login } = await createWorldWithJane(OPEN);
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    world.sent.length = 0;
    const token = (await login()).access_token;

    for (const email of ["new@example.com", "john@example.com"]) {
      const headers = { "accept-language": "de" };
      await world.call("POST", "/users/me/email", { token, headers, body: { email, password: PASSWORD } });
    }
    await world.flush();

    expect(await subjects()).toEqual(["Bestätigen Sie Ihre neue E-Mail-Adresse", "Sie haben bereits ein Konto"]);
  });

  it("is in the language that the user registered with, also a notice", async () => {
    const world = createWorld(OPEN);
    const user = { email: "jane@example.com", password: PASSWORD, locale: "de" };
    await world.post("/auth/register", user);
    await world.flush();
    const { json } = await world.post("/auth/login", { identifier: user.email, password: PASSWORD });
    const body = { old_password: PASSWORD, new_password: "brand-new-horse-8" };
    await world.call("POST", "/auth/change-password", { token: json.access_token, body });
    await world.flush();

    expect(await subjects()).toEqual(["Ihr Bestätigungscode", "Ihr Passwort wurde geändert"]);
  });

  it("is in the language of the request also as a notice, where the user chose none", async () => {
    const { world, login } = await createWorldWithJane(OPEN);
    const body = { old_password: PASSWORD, new_password: "brand-new-horse-8" };
    const token = (await login()).access_token;
    await world.call("POST", "/auth/change-password", { token, body, headers: { "accept-language": "de" } });
    await world.flush();

    expect(await subjects()).toEqual(["Ihr Passwort wurde geändert"]);
  });

  it("falls back where nobody wrote the user's language", async () => {
    const world = createWorld(OPEN);
    await world.post("/auth/register", { email: "jane@example.com", password: PASSWORD, locale: "la-VA" });
    await world.flush();

    expect(await subjects()).toEqual(["Your verification code"]);
  });
});

it.each([
  [["la", "de-DE", "en"], "de"],
  [["DE"], "de"],
  [["deu", "den", "d"], undefined],
  [["constructor", "__proto__", ""], undefined],
  [["de_DE"], "de"],
  [[], undefined],
])("of %j picks %s", (tags, locale) => {
  expect(pickLocale(tags)).toBe(locale);
});

it.each(["d", "de-", "x".repeat(36), "de\r\nX: y", "d\u00e9"])("the locale %j is refused", async (locale) => {
  const body = { email: "jane@example.com", password: PASSWORD, locale };

  expect((await createWorld().post("/auth/register", body)).json.errors[0].path).toBe("locale");
});

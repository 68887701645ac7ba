import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { en } from "../src/locales/en/en.ts";
import { fill } from "../src/locales/fill.ts";
import { LOCALES, pickLocale } from "../src/locales/locales.ts";
import { messagesIn } from "../src/locales/messages-in.ts";
import { outbox, PROVIDERS, received } from "./support/outbox.ts";
import { textsIn } from "./support/texts.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "./support/world.ts";

const OPEN = { ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "0" };
/** The values of a template. */
const values = { site: "auth.test", link: "https://auth.test/x", code: "123456", minutes: "5 minutes" };

/** Tests whether messages of this kind carry a code. */
const isCode = (kind: string) => /-code$|verification|change$/.test(kind);

/**
 * The placeholders of each text by its path, such as `mails.verification.subject`. A plural counts
 * as one text: languages have different forms.
 */
const placeholdersIn = (words: object) =>
  textsIn(words).map(([path, text]) => [path, [...new Set(text.match(/{\w*}?/g) ?? [])].sort()]);

describe.each(LOCALES)("in %s", (locale) => {
  it("each text of English exists, with its placeholders, and none is empty", async () => {
    const { locale: found, ...words } = await messagesIn(env.ASSETS, locale);

    expect(found).toBe(locale);
    expect(Object.fromEntries(placeholdersIn(words))).toEqual(Object.fromEntries(placeholdersIn(en)));
    expect(JSON.stringify(words)).not.toContain('""');
  });

  const { "password-reset-link": _, ...kinds } = en.mails;
  it.each(Object.keys(kinds) as (keyof typeof kinds)[])("%s says where, what and when", async (kind) => {
    const { text = "", ...mail } = (await messagesIn(env.ASSETS, locale)).mails[kind];
    const { subject, preheader, lead, advice, button, validity } = mail;

    for (const shownInLists of [subject, preheader]) expect(shownInLists).not.toMatch(/[\r\n\d{]/);
    expect(preheader).not.toContain(subject);
    for (const said of [lead, text]) expect(fill(said, values)).toContain("auth.test");
    if (isCode(kind)) expect(fill(text, values)).toContain("123456");
    if (isCode(kind)) expect(fill(validity ?? "", values)).toContain("5 minutes");
    else expect(button).toBeTruthy();
    expect(JSON.stringify([lead, advice, button])).not.toMatch(/{(code|link)}/);
    // Two segments of UCS-2, which all letters fit.
    expect(fill(text, values).length).toBeLessThanOrEqual(134);
  });

  it("a mail with a link says how long it is valid", async () => {
    const { subject, lead, validity } = (await messagesIn(env.ASSETS, locale)).mails["password-reset-link"];

    expect([lead, validity]).toEqual([expect.stringContaining("{site}"), expect.stringContaining("{minutes}")]);
    expect(subject).not.toMatch(/[\r\n\d{]/);
  });

  it("minutes have the forms that the language has for numbers", async () => {
    const { units } = await messagesIn(env.ASSETS, locale);

    for (const form of new Intl.PluralRules(locale).resolvedOptions().pluralCategories) {
      expect(units.minutes[form] ?? (form === "many" && units.minutes.other)).toBeTruthy();
    }
  });
});

it("values are filled in as they are, also with braces", () => {
  expect(fill("{a} {b} {c}", { a: "{b}", b: 1 })).toBe("{b} 1 {c}");
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

  it.each([
    ["en", "60", "It expires in 1 minute."],
    ["en", "300", "It expires in 5 minutes."],
    ["de", "60", "Er läuft in 1 Minute ab."],
    ["de", "300", "Er läuft in 5 Minuten ab."],
    ["es", "60", "Expira en 1 minuto."],
    ["es", "300", "Expira en 5 minutos."],
    ["fr", "60", "Il expire dans 1 minute."],
    ["fr", "300", "Il expire dans 5 minutes."],
  ])("in %s counts the minutes of %s seconds", async (language, OTP_TTL_SECONDS, said) => {
    const { world } = await createWorldWithJane({ ...OPEN, OTP_TTL_SECONDS });
    await world.post("/auth/request-reset", { identifier: "janedoe" }, { "accept-language": language });
    await world.flush();

    expect((await outbox.first()).text).toContain(said);
  });

  it.each([
    ["en", "When: Jan 1, 2026, 12:34 PM UTC\n"],
    ["de", "Zeitpunkt: 1. Jan. 2026, 12:34 UTC\n"],
    ["es", "Fecha: 1 ene 2026, 12:34 UTC\n"],
    ["fr", "Date\u202f: 1 janv. 2026, 12:34 UTC\n"],
  ])("in %s says when, as the language writes it", async (locale, said) => {
    const { world, login } = await createWorldWithJane(OPEN);
    const { access_token: token } = await login();
    await world.call("PATCH", "/users/me", { token, body: { locale } });
    const body = { old_password: PASSWORD, new_password: "brand-new-horse-8" };
    await world.call("POST", "/auth/change-password", { token, body });
    await env.DB.exec(`update notices set created_at = ${Date.UTC(2026, 0, 1, 12, 34, 56)}`);
    await world.flush();

    expect((await outbox.first()).text).toContain(said);
  });

  it("is in English, and a page too, if the file of its language cannot be read", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const answers = [() => Promise.reject(new Error("canary")), async () => new Response("canary", { status: 404 })];
    await createWorldWithJane(OPEN);
    for (const answer of answers) {
      const fetch = (url: string) => (url.endsWith("de.json") ? answer() : env.ASSETS.fetch(url));
      const world = createWorld({ ...OPEN, ASSETS: { fetch } as unknown as Fetcher });
      await world.post("/auth/forgot-password", { identifier: "janedoe" }, { "accept-language": "de" });
      await world.flush();
      const { text } = await world.get("/sign-in", { "accept-language": "de", accept: "text/html" });

      expect(text).toMatch(/<html lang="en".*<h1>Sign in</s);
    }

    expect(await subjects()).toEqual(["Reset your password", "Reset your password"]);
    const lines = logged.mock.calls.map(([line]) => line);
    expect([...new Set(lines.map((line) => JSON.parse(line).event))]).toEqual(["language_not_loaded"]);
    expect(lines.join()).not.toContain("canary");
  });

  it("waits, and a page answers 503, while no language can be read", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const fetch = async () => new Response("", { status: 404 });
    const { world } = await createWorldWithJane(OPEN);
    const worldWithout = createWorld({ ...OPEN, ASSETS: { fetch } as unknown as Fetcher });
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    const queued = [...world.sent];
    const { acked, retried } = await worldWithout.deliver(queued);
    const page = await worldWithout.get("/sign-in", { accept: "text/html" });

    expect([page.status, page.json]).toEqual([503, expect.objectContaining({ code: "storage_unavailable" })]);
    expect([acked, retried.length, await subjects()]).toEqual([[], 1, []]);
    await world.flush();
    expect(await subjects()).toEqual(["Reset your password"]);
  });

  it("falls back where nobody wrote the user's language", async () => {
    const world = createWorld(OPEN);
    await world.post("/auth/register", { email: "jane@example.com", password: PASSWORD, locale: "la-VA" });
    await world.flush();

    expect(await subjects()).toEqual(["Your verification code"]);
  });
});

it("the files of the languages are not served", async () => {
  for (const locale of LOCALES) expect((await createWorld().get(`/locales/${locale}.json`)).status).toBe(404);
});

it.each([
  [["la", "de-DE", "en"], "de"],
  [["DE"], "de"],
  [["fr-CA", "es-419"], "fr"],
  [["es-419"], "es"],
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

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { directionOf } from "../../src/locales/locales.ts";
import { frozenReplica } from "../support/bindings.ts";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { rows } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const GERMAN = /<html lang="de" dir="ltr">/;
const ENGLISH = /<html lang="en" dir="ltr">/;

async function signedIn(locale: string | null = null) {
  const { world } = await createWorldWithJane(PROVIDERS);
  await env.DB.prepare("update users set locale = ?").bind(locale).run();
  const visitor = createVisitor(world);
  await visitor.signIn();
  const choose = (language: string) => visitor.post("/language", { language, return_to: "/account" });
  return { world, visitor, choose, stored: async () => (await rows("users"))[0].locale };
}

describe("the switch of the language", () => {
  it.each([
    "/sign-in?return_to=%2Faccount%2Fprofile",
    "/sign-up",
    "/verify",
    "/forgot-password",
    "/reset-password/link",
    "/signed-out",
    "/missing",
  ])("a visitor of %s can choose a language and comes back", async (path) => {
    const visitor = createVisitor(createWorld());
    const { text } = await visitor.get(path);

    expect(text).toMatch(/<button[^>]* value="en" lang="en"[^>]* aria-current="true">English</);
    expect(text).toMatch(/<button[^>]* value="de" lang="de"[^>]*class="link">Deutsch</);
    const [, return_to = ""] = /name="return_to" value="([^"]*)"[^>]*>\s*<button[^>]*name="language"/.exec(text) ?? [];
    expect(return_to).toBe(path);
    const { status, location } = await visitor.post("/language", { language: "de", return_to });
    expect([status, location]).toEqual([303, path]);
    expect((await visitor.get(path)).text).toMatch(GERMAN);
  });

  it("in French, a space precedes the colon that joins two texts", async () => {
    const { world, visitor } = await signedIn("fr");
    await visitor.get("/account");

    const tight = /[^\u202f]: |[^\u202f]:\n/;
    const { text } = await visitor.get("/account/sessions");
    expect(text).toMatch(/aria-label="Déconnecter\u202f: [^"]+"/);
    expect(text).toContain('data-labeled="{label}\u202f: {value}"');
    expect((await visitor.post("/sign-in", {})).text).toContain("<title>Erreur\u202f: ");
    await visitor.post("/forgot-password", { identifier: "janedoe" });
    await world.flush();
    const mail = await outbox.only();
    expect([mail.text, tight.test(mail.text)]).toEqual([expect.stringMatching(/\u202f:\nhttps/), false]);
  });

  it("a refused form leads back to the page that has the form", async () => {
    const { text } = await createVisitor(createWorld()).post("/sign-in", { identifier: "" });

    expect(text).toContain('name="return_to" value="/sign-in"');
  });

  it("the choice is kept for 400 days and comes before what the browser prefers", async () => {
    const visitor = createVisitor(createWorld());
    const { headers } = await visitor.post("/language", { language: "en" });

    expect(headers.getSetCookie().map((line) => line.split("; ").sort())).toEqual([
      ["HttpOnly", "Max-Age=34560000", "Path=/", "SameSite=Lax", "Secure", "__Host-language=en"],
    ]);
    expect((await visitor.get("/sign-in", { "accept-language": "de" })).text).toMatch(ENGLISH);
    visitor.cookies.set("__Host-language", "la");
    expect((await visitor.get("/sign-in", { "accept-language": "de" })).text).toMatch(GERMAN);
  });

  it("the choice is the language of the mails that the visit requests", async () => {
    const { world } = await createWorldWithJane(PROVIDERS);
    const visitor = createVisitor(world);
    await visitor.post("/language", { language: "de" });
    await visitor.post("/forgot-password", { identifier: "janedoe" });
    await world.flush();

    expect((await outbox.only()).subject).toBe("Setzen Sie Ihr Passwort zurück");
  });

  it.each(["https://evil.test/", "//evil.test", "/\\evil.test", "https://app.test/", "javascript:alert(1)", ""])(
    "the way back never leaves the service: %j",
    async (return_to) => {
      const { location } = await createVisitor(createWorld()).post("/language", { language: "de", return_to });

      expect(location).toBe("/account");
    },
  );

  it.each([
    [{ language: "la" }, {}, 422],
    [{ language: "" }, {}, 422],
    [{ language: "de", role: "admin" }, {}, 422],
    [{ language: "de" }, { "sec-fetch-site": "cross-site" }, 403],
  ])("%j with %j is refused and sets no cookie", async (fields, headers, status) => {
    const visitor = createVisitor(createWorld());
    const own = { "sec-fetch-site": "same-origin", ...headers };

    expect((await visitor.post("/language", fields as Record<string, string>, own)).status).toBe(status);
    expect([...visitor.cookies]).toEqual([]);
  });
});

describe("the language of a signed-in user", () => {
  it.each([
    [null, "de", "de"],
    ["la", "de", "de"],
    ["en-GB", "de", "de"],
    // A variant of the chosen language stays.
    ["de-CH", "de", "de-CH"],
    ["de-CH", "en", "en"],
  ])("is stored in a profile with %j: of the choice %s comes %s", async (before, language, after) => {
    const { visitor, choose, stored } = await signedIn(before);

    expect((await choose(language)).location).toBe("/account");
    expect(await stored()).toBe(after);
    expect((await visitor.get("/account")).text).toContain(`<html lang="${language}"`);
  });

  it("of the profile governs the pages from the account page on, also after the session", async () => {
    const { visitor } = await signedIn("de-AT");
    expect((await visitor.get("/account/password")).text).toMatch(ENGLISH);

    expect((await visitor.get("/account")).text).toMatch(GERMAN);
    expect((await visitor.get("/account/password")).text).toMatch(GERMAN);
    await visitor.post("/sign-out", {});
    expect((await visitor.get("/sign-in")).text).toMatch(GERMAN);
  });

  it("that there are no words in leaves the choice of the visit alone", async () => {
    const { visitor } = await signedIn("la");
    visitor.cookies.set("__Host-language", "de");

    expect((await visitor.get("/account")).text).toMatch(GERMAN);
  });

  it("follows the profile form", async () => {
    const { visitor } = await signedIn();
    await visitor.post("/account/profile", { locale: "de-CH" });

    expect((await visitor.get("/account/password")).text).toMatch(GERMAN);
  });

  it("is not undone by a replica that does not know the choice yet", async () => {
    const { visitor, choose } = await signedIn("en");
    const [user] = await rows("users");
    const stale = createVisitor(createWorld({ DB: frozenReplica(env.DB, [user]) }));
    await choose("de");
    for (const [name, value] of visitor.cookies) stale.cookies.set(name, value);

    expect((await stale.get("/account")).text).toMatch(GERMAN);
  });

  it("is stored after an expired access token was renewed", async () => {
    const { visitor, choose, stored } = await signedIn();
    visitor.cookies.delete("__Host-access_token");

    const { status, location } = await choose("de");
    expect([status, location]).toEqual([307, "/session/renew?to=%2Flanguage"]);
    const fields = { language: "de", return_to: "/account" };
    expect((await visitor.post(location ?? "", fields)).location).toBe("/language");
    expect((await visitor.post("/language", fields)).location).toBe("/account");
    expect(await stored()).toBe("de");
  });

  it("is that of the browser only, once the session has ended", async () => {
    const { visitor, choose, stored } = await signedIn();
    await env.DB.exec("delete from sessions");
    visitor.cookies.delete("__Host-access_token");

    const { location } = await choose("de");
    const fields = { language: "de", return_to: "/sign-up" };
    expect((await visitor.post(location ?? "", fields)).location).toBe("/language");
    expect((await visitor.post("/language", fields)).location).toBe("/sign-up");
    expect(await stored()).toBe(null);
    expect((await visitor.get("/sign-up")).text).toMatch(GERMAN);
  });
});

it.each([
  ["en", "ltr"],
  ["de", "ltr"],
  ["ar", "rtl"],
  ["he", "rtl"],
])("the direction of %s is %s", (tag, direction) => {
  expect(directionOf(tag)).toBe(direction);
});

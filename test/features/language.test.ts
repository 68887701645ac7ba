import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows, PASSWORD } from "../support/world.ts";

const PAGES = ["/account", "/account/profile"];

async function createSignedIn(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane(settings);
  const visitor = createVisitor(world);
  await visitor.signIn();
  const token = (await login()).access_token;
  const change = (locale: unknown) => world.call("PATCH", "/users/me", { token, body: { locale } });
  const statuses = () => Promise.all(PAGES.map(async (path) => (await visitor.get(path)).status));
  return { world, jane, visitor, token, change, statuses };
}

const NOT_TAGS = [
  "de-a",
  "de--DE",
  "d",
  "de_DE UTF-8",
  "de-DE-DE",
  "x-canary",
  "en-a-",
  "🇩🇪",
  "english",
  "Deutsch",
  "en us",
  "a".repeat(36),
];

describe("the language of a user", () => {
  it.each([
    ["de", "de"],
    ["de_DE", "de-DE"],
    ["pt_BR.UTF-8", "pt-BR"],
    ["DE-at", "de-AT"],
    ["zh_hant_tw", "zh-Hant-TW"],
    ["iw", "he"],
    ["de-u-co-phonebk", "de-u-co-phonebk"],
    ["en-t-de-x-canary", "en-t-de-x-canary"],
    ["haw", "haw"],
    [" de_DE ", "de-DE"],
    ["de\n", "de"],
    ["C", null],
    ["POSIX", null],
    ["C.UTF-8", null],
    ["", null],
    [null, null],
  ])("%s is stored as %s, and every page shows", async (given, stored) => {
    const { visitor, change, statuses } = await createSignedIn();

    const { status, json } = await change(given);
    expect([status, json.locale]).toEqual([200, stored]);
    expect(await statuses()).toEqual([200, 200]);
    if (!stored) return;
    expect((await visitor.get("/account/profile")).text).toContain(`<option value="${stored}" selected="">`);
    expect((await visitor.post("/account/profile", { locale: given! })).location).toBe("/account?notice=saved");
    expect((await rows("users"))[0].locale).toBe(stored);
  });

  it.each(["de", "de_DE", "de_DE.UTF-8", "DE-at", "x-y, de_AT;q=0.9", "la, de;level=1;q=0.5, en;q=0.4"])(
    "in Accept-Language is recognized in the form %s",
    async (accepted) => {
      const { text } = await createWorld().get("/sign-in", { "accept-language": accepted });

      expect(text).toContain('<html lang="de" dir="ltr">');
    },
  );

  it.each(NOT_TAGS)("%j is refused by its field wherever it is given, and changes nothing", async (locale) => {
    const { world, jane, visitor, change, statuses } = await createSignedIn();
    const before = await dumpRows();

    const john = { email: "john@example.com", password: PASSWORD, locale };
    for (const { status, json } of [await change(locale), await world.post("/auth/register", john)]) {
      expect([status, json.errors]).toEqual([
        422,
        [
          {
            path: "locale",
            code: expect.stringMatching(/^(invalid_format|too_long)$/),
            message: expect.stringMatching(/^Must /),
          },
        ],
      ]);
    }
    const edited = await administer(world, "updateUser", jane.id, { locale });
    expect(edited).toMatchObject({ ok: false, code: "invalid_request" });
    expect((await visitor.post("/account/profile", { locale })).status).toBe(422);
    expect(await dumpRows()).toEqual(before);
    expect(await statuses()).toEqual([200, 200]);
  });

  it.each([...NOT_TAGS, "de-at"])("%j that an older version stored breaks nothing", async (locale) => {
    await outbox.clear();
    const { world, jane, visitor, token, statuses } = await createSignedIn(PROVIDERS);
    await env.DB.prepare("update users set locale = ?").bind(locale).run();

    expect(await statuses()).toEqual([200, 200]);
    expect((await world.me(token)).json.locale).toBe(locale);
    await world.post("/auth/forgot-password", { identifier: jane.email });
    await world.flush();
    expect((await outbox.last()).to).toBe(jane.email);

    const { text } = await visitor.get("/account/profile");
    const [, selected = ""] =
      /<option value="([^"]*)" selected="">/.exec(text.slice(text.indexOf('id="locale"'))) ?? [];
    expect(selected).toBe(locale === "de-at" ? "de-AT" : "");
    const saved = await visitor.post("/account/profile", { locale: selected });
    expect([saved.location, (await rows("users"))[0].locale]).toEqual(["/account?notice=saved", selected || null]);
  });
});

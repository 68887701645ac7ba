import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { authorizePath, createSignedIn, refreshTo, register, request, silentClient } from "../support/oauth.ts";
import { count, race } from "../support/race.ts";
import { createVisitor } from "../support/visitor.ts";
import { dumpRows, ISSUER } from "../support/world.ts";

const NOTES = "https://notes.example/mcp";

describe("a browser gets no code", () => {
  it("for a refresh token that was replaced long ago, of a client, or changed", async () => {
    const { world, ask, visitor, client } = await silentClient();
    const stolen = visitor.cookies.get("__Host-refresh_token") ?? "";
    const code = async (refresh_token: string) => {
      const thief = createVisitor(world);
      thief.cookies.set("__Host-refresh_token", refresh_token);
      return new URL((await ask(() => 0, thief)).location ?? "", ISSUER).searchParams.get("code");
    };
    expect(await code(stolen)).not.toBeNull();
    await env.DB.exec("update sessions set generation = generation + 2");
    expect(await code(stolen)).toBeNull();
    await env.DB.exec("update sessions set generation = generation - 2");
    expect(await code(`${stolen}x`)).toBeNull();
    await env.DB.prepare("update sessions set client_id = ?").bind(client.client_id).run();
    expect(await code(stolen)).toBeNull();
  });

  it("from a consent form that another site sends, or that was shown to another user", async () => {
    const { world, visitor, jane } = await createSignedIn();
    const { client } = await register(world);
    const { params } = await request(client);
    const fields = { request: `${params}`, user: jane.id, answer: "allow" };
    const before = await dumpRows();
    const foreign = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
    const answers = await Promise.all([
      visitor.post("/oauth/consent", fields, foreign),
      visitor.post("/oauth/consent", { ...fields, answer: "perhaps" }),
      visitor.post("/oauth/consent", { ...fields, user: crypto.randomUUID() }),
      createVisitor(world).post("/oauth/consent", fields),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 422, 303, 303]);
    expect(answers.every(({ headers }) => refreshTo(headers) === undefined)).toBe(true);
    expect(await dumpRows()).toEqual(before);
  });

  it("for a race of consents more than each asks for, and one grant is remembered", async () => {
    const { world, visitor, jane } = await createSignedIn();
    const { client } = await register(world);
    const { params } = await request(client);
    const fields = { request: `${params}`, user: jane.id, answer: "allow" };
    expect(count(await race(8, () => visitor.post("/oauth/consent", fields)), 200)).toBe(8);
    const { results } = await env.DB.prepare("select count(*) as n from oauth_grants").all();
    expect(results).toEqual([{ n: 1 }]);
  });
});

it("the consent page names the app, each permission, the API and where the browser goes", async () => {
  const { world, visitor } = await createSignedIn({
    OAUTH_RESOURCES: NOTES,
    OAUTH_SCOPES: '[{"name":"notes:read","description":{"en":"Read your notes"}}]',
  });
  const { client } = await register(world);
  const { params } = await request(client, { scope: "openid email offline_access notes:read", resource: NOTES });
  const { text } = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
  const words = text
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll("&#39;", "'");

  for (const said of [
    "Notes isn't part of this service. It asks to:",
    "Know which account is yours See your email address Stay connected when you aren't using it Read your notes",
    "This access is for notes.example .",
    "You will return to app.example .",
    "You can remove the access later in your account.",
  ])
    expect(words).toContain(said);
  expect(words).not.toContain("phone number");
});

import { env } from "cloudflare:workers";
import { crc32 } from "node:zlib";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { KEY_BODY, RESOURCE } from "../support/api-keys.ts";
import { addApp } from "../support/authenticator.ts";
import { outbox } from "../support/outbox.ts";
import { createWithKey } from "../support/own-api-keys.ts";
import { atOnce } from "../support/race.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorld, dumpTables, ISSUER, PASSWORD, sidOf } from "../support/world.ts";

const told = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code];
const lastUse = (id: string) => env.DB.prepare("select last_used_at from api_keys where id = ?").bind(id).first();

it("a key is shown once, listed without itself, and stored as a digest", async () => {
  const { key, apiKey, list } = await createWithKey();

  expect(key).toMatch(new RegExp(`^gh_${apiKey.id}_[0-9A-Za-z]{49}$`));
  const { name, scopes } = KEY_BODY;
  const time = expect.stringMatching(/^\d{4}-.*Z$/);
  const shown = { id: apiKey.id, name, scopes, created_at: time, expires_at: time, last_used_at: null };
  expect(apiKey).toEqual(shown);
  expect(await list()).toEqual([shown]);
  expect(JSON.stringify(await dumpTables())).not.toContain(key.slice(20));
});

it("the end of a key is its CRC-32 in base 62, as scanners compute it for other services", async () => {
  const { key, verify } = await createWithKey();
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const value = [...key.slice(-6)].reduce((sum, character) => sum * 62 + alphabet.indexOf(character), 0);
  expect(value).toBe(crc32(key.slice(0, -6)));

  const { length } = key;
  const other = key[length - 10] === "a" ? "b" : "a";
  expect((await verify(undefined, key.slice(0, length - 10) + other + key.slice(length - 9))).code).toBe(
    "unauthenticated",
  );
});

describe("verification over a binding", () => {
  it("takes one read, and names the user and the scopes, without roles or a sign-in", async () => {
    const { world, jane, verify, apiKey } = await createWithKey();
    await administer(world, "setRoles", jane.id, ["admin"]);
    world.counts.d1 = 0;

    const { value } = await verify();

    expect(value).toMatchObject({ iss: ISSUER, aud: ISSUER, sub: jane.id, sid: `key:${apiKey.id}` });
    expect(value).toMatchObject({ scope: "notes:read", roles: [], amr: [], auth_time: 0, client_id: "gatehouse" });
    // The second call records the first use, after the answer.
    expect(world.counts.d1).toBe(2);
    world.counts.d1 = 0;
    await verify();
    expect(world.counts.d1).toBe(1);
  });

  it("needs the option, so that only services that check scopes accept keys", async () => {
    const { world, verify, exchange, key } = await createWithKey();
    expect((await verify({})).code).toBe("unauthenticated");
    const headers = new Headers({ authorization: `Bearer ${key}` });
    expect((await call(world, "authenticate", headers)).code).toBe("unauthenticated");
    expect((await call(world, "authenticate", headers, { apiKeys: true })).ok).toBe(true);

    const { access_token } = (await exchange()).json;
    for (const tier of ["local", "revocation", "authoritative"]) {
      expect((await verify({ tier }, access_token)).code).toBe("unauthenticated");
      expect((await verify({ tier, apiKeys: true }, access_token)).ok).toBe(true);
    }
  });

  it("records a use at most once a minute", async () => {
    const { verify, apiKey, list } = await createWithKey();
    await verify();
    const [{ last_used_at }] = await list();
    expect(Date.now() - Date.parse(last_used_at)).toBeLessThan(60_000);
    await env.DB.prepare("update api_keys set last_used_at = last_used_at - 30000").run();
    const before = await lastUse(apiKey.id);
    await verify();
    expect(await lastUse(apiKey.id)).toEqual(before);
    await env.DB.prepare("update api_keys set last_used_at = last_used_at - 31000").run();
    await verify();
    expect((await lastUse(apiKey.id))?.["last_used_at"]).toBeGreaterThan(Number(before?.["last_used_at"]));
  });

  it("accepts a key under an older pepper, and stores it under the new one", async () => {
    const { world, verify, key } = await createWithKey();
    const newer = "bmV3LXBlcHBlci1uZXctcGVwcGVyLW5ldy1wZXBwZXI";
    const rotated = { ...world.env, PEPPER: `${newer},${env.PEPPER}` };
    expect((await call({ env: rotated }, "verify", key, { apiKeys: true })).ok).toBe(true);
    const after = { ...world.env, PEPPER: newer };
    expect((await call({ env: after }, "verify", key, { apiKeys: true })).ok).toBe(true);
    expect((await verify()).code).toBe("unauthenticated");
  });
});

describe("the exchange", () => {
  it("answers a token that other services verify without a call", async () => {
    const { world, jane, apiKey, exchange } = await createWithKey();
    world.counts.d1 = 0;
    const { status, json, headers } = await exchange();
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(json).toMatchObject({ token_type: "bearer", expires_in: 900, scope: "notes:read" });

    const keys = createLocalJWKSet((await world.get("/.well-known/jwks.json")).json);
    const checks = { issuer: ISSUER, audience: RESOURCE, typ: "at+jwt" };
    const { payload } = await jwtVerify(json.access_token, keys, checks);
    expect(payload).toMatchObject({ sub: jane.id, sid: `key:${apiKey.id}`, scope: "notes:read", roles: [] });
  });

  it("ends with the key", async () => {
    const { exchange } = await createWithKey({}, { expires_in: 60 });
    const { expires_in } = (await exchange()).json;
    expect(expires_in).toBeGreaterThan(50);
    expect(expires_in).toBeLessThanOrEqual(60);
    await env.DB.prepare("update api_keys set expires_at = 1").run();
    expect(told(await exchange())).toEqual([401, "invalid_api_key"]);
  });

  it("refuses an unknown key, another API, and text that is no key", async () => {
    const { exchange, key, world } = await createWithKey();
    for (const resource of ["https://other.example", ISSUER])
      expect(told(await exchange({ resource }))).toEqual([400, "invalid_target"]);
    expect(told(await exchange({ resource: undefined }))).toEqual([422, "invalid_request"]);
    await env.DB.prepare("update api_keys set digest = 'other'").run();
    expect(told(await exchange())).toEqual([401, "invalid_api_key"]);
    world.counts.d1 = 0;
    expect(told(await exchange({ api_key: `${key}x` }))).toEqual([401, "invalid_api_key"]);
    expect(told(await exchange({ api_key: "ghp_x" }))).toEqual([401, "invalid_api_key"]);
    const mistyped = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
    expect(told(await exchange({ api_key: mistyped }))).toEqual([401, "invalid_api_key"]);
    expect(world.counts.d1).toBe(0);
  });

  it("answers tokens with which nobody changes the account", async () => {
    const { world, exchange, key, list } = await createWithKey();
    const { access_token } = (await exchange()).json;
    for (const token of [access_token, key]) {
      for (const path of ["/users/me", "/users/me/api-keys", "/users/me/sessions"])
        expect((await world.call("GET", path, { token })).status).toBe(401);
      const body = { name: "More", scopes: ["notes:write"], password: PASSWORD };
      expect((await world.call("POST", "/users/me/api-keys", { token, body })).status).toBe(401);
      expect((await world.call("DELETE", "/users/me", { token, body: { password: PASSWORD } })).status).toBe(401);
      expect((await world.get("/oauth/userinfo", { authorization: `Bearer ${token}` })).status).toBe(401);
    }
    expect(await list()).toHaveLength(1);
  });
});

describe("creating", () => {
  it("needs the password, or a sign-in a moment ago", async () => {
    const { world, token, create, list } = await createWithKey();
    expect(told(await create({ password: "wrong-horse-7" }))).toEqual([401, "invalid_credentials"]);
    expect((await create({ password: undefined })).status).toBe(201);
    await env.DB.prepare("update sessions set authenticated_at = 1").run();
    expect(told(await create({ password: undefined }))).toEqual([401, "reauthentication_required"]);
    expect((await create()).status).toBe(201);
    expect(await list()).toHaveLength(3);
    expect((await world.call("GET", "/users/me", { token })).status).toBe(200);
  });

  it("needs the second factor of an account that has one", async () => {
    const { world, token } = await createWithKey();
    const post = async (path: string, body: object, by = token) =>
      (await world.call("POST", path, { token: by, body })).json;
    const { access_token } = await addApp(post, token);
    await env.DB.prepare("update sessions set authenticated_at = 1, amr = '[\"pwd\"]'").run();
    const refused = await world.call("POST", "/users/me/api-keys", { token: access_token, body: KEY_BODY });
    expect(told(refused)).toEqual([401, "reauthentication_required"]);
    expect(refused.headers.get("www-authenticate")).toContain("aal2");
  });

  it("tells the owner, and is an event like the revocation", async () => {
    const { world, revoke, login } = await createWithKey();
    await world.flush();
    expect((await outbox.last()).subject).toBe("An API key was created");
    await revoke();
    const { access_token } = await login();
    const { events } = (await world.call("GET", "/users/me/events", { token: access_token })).json;
    expect(events.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(["api_key_created", "api_key_revoked"]),
    );
  });

  it("knows the scopes of the service, and no others", async () => {
    const { create, list } = await createWithKey();
    for (const scopes of [["notes:delete"], ["openid"], ["notes:read", "offline_access"], []]) {
      const { status, json } = await create({ scopes });
      expect([status, json.errors[0].path]).toEqual([422, "scopes"]);
    }
    for (const expires_in of [0, -1, 59, 1.5, 315_360_001, "3600"])
      expect((await create({ expires_in })).json.errors[0].path).toBe("expires_in");
    expect(await list()).toHaveLength(1);
  });

  it("stops at fifty keys, also in parallel", async () => {
    const { create, list, revoke } = await createWithKey();
    await env.DB.prepare(
      `insert into api_keys select 'k' || value, 'd', user_id, null, 'n', '[]', 1, null, null
        from api_keys, json_each('[${Array.from({ length: 47 }, (_, n) => n)}]')`,
    ).run();
    const answers = await atOnce(10, () => create({ password: undefined }));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ json }) => json.code === "too_many_api_keys")).toHaveLength(8);
    expect(await list()).toHaveLength(50);
    await revoke();
    expect((await create()).status).toBe(201);
  });

  it("is off, like all else about keys, unless the setting is on", async () => {
    const { token, key } = await createWithKey();
    const world = createWorld({ API_KEYS: "off" });
    expect(told(await world.call("POST", "/users/me/api-keys", { token, body: KEY_BODY }))).toEqual([404, "not_found"]);
    expect(told(await world.call("GET", "/users/me/api-keys", { token }))).toEqual([404, "not_found"]);
    expect(told(await world.post("/auth/api-keys/token", { api_key: "gh_x", resource: RESOURCE }))).toEqual([
      404,
      "not_found",
    ]);
    expect((await call(world, "verify", key, { apiKeys: true })).code).toBe("unauthenticated");
    expect((await administer(world, "listApiKeys", { client_id: "x" })).code).toBe("not_found");
  });
});

it("nobody revokes or lists the keys of others", async () => {
  const { world, apiKey, verify } = await createWithKey();
  await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
  const john = await world.post("/auth/login", { identifier: "john@example.com", password: PASSWORD });
  const token = john.json.access_token;
  expect((await world.call("GET", "/users/me/api-keys", { token })).json).toEqual({ api_keys: [] });
  expect((await world.call("DELETE", `/users/me/api-keys/${apiKey.id}`, { token })).status).toBe(404);
  expect((await verify()).ok).toBe(true);
});

it("a session that has ended creates, lists and revokes nothing", async () => {
  const { world, token, revoke, create, verify } = await createWithKey();
  await call(world, "revokeSession", sidOf(token));
  expect((await world.call("GET", "/users/me/api-keys", { token })).status).toBe(401);
  expect((await create()).status).toBe(401);
  expect((await revoke()).status).toBe(404);
  expect((await verify()).ok).toBe(true);
});

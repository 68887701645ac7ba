import { expect, it } from "vitest";
import { createTestIssuer } from "../../src/sdk/testing.ts";
import { KEY_BODY, RESOURCE } from "../support/api-keys.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { call } from "../support/rpc.ts";
import { createWorldWithJane } from "../support/world.ts";

const SCOPES = { scopes: ["notes:read"] };

/** The service, as a binding to it. */
async function createService() {
  const { world, jane, login } = await createWorldWithJane();
  const { access_token } = await login();
  const auth = {
    verify: (...args: unknown[]) => call(world, "verify", ...args),
    keys: () => call(world, "keys"),
  };
  const { json } = await world.call("POST", "/users/me/api-keys", { token: access_token, body: KEY_BODY });
  const exchanged = await world.post("/auth/api-keys/token", { api_key: json.key, resource: RESOURCE });
  return { world, jane, auth, key: json.key as string, token: exchanged.json.access_token as string, access_token };
}

it("requireAuth accepts an API key, and its token, where it requires scopes", async () => {
  const { jane, auth, key, token } = await createService();
  const get = guarded({ auth, resource: RESOURCE, ...SCOPES });
  for (const credential of [key, token]) {
    const { status, json } = await get(bearing(credential));
    expect([status, json.sub, json.scope]).toEqual([200, jane.id, "notes:read"]);
  }
  const other = await guarded({ auth, scopes: ["notes:write"] })(bearing(key));
  expect([other.status, other.json.code]).toEqual([403, "insufficient_scope"]);
});

it.each(["local", "revocation", "authoritative"] as const)(
  "requireAuth refuses keys and their tokens where it requires no scopes, with tier %s",
  async (tier) => {
    const { auth, key, token, access_token } = await createService();
    for (const audience of [{ resource: RESOURCE }, {}])
      for (const credential of [key, token])
        expect((await guarded({ auth, tier, ...audience })(bearing(credential))).status).toBe(401);
    expect((await guarded({ auth, tier })(bearing(access_token))).status).toBe(200);
  },
);

it("apiKeys accepts keys with these scopes beside tokens of users, who need none", async () => {
  const { auth, key, access_token } = await createService();
  const get = guarded({ auth, apiKeys: ["notes:read"] });
  for (const credential of [key, access_token]) expect((await get(bearing(credential))).status).toBe(200);
  const other = await guarded({ auth, apiKeys: ["notes:read", "notes:write"] })(bearing(key));
  expect([other.status, other.challenge]).toEqual([403, expect.stringContaining('scope="notes:read notes:write"')]);
  expect(() => guarded({ auth, apiKeys: [] })).toThrow("apiKeys must list scopes");
});

it("an API key proves no recent sign-in, no second factor and no role", async () => {
  const { auth, key } = await createService();
  for (const more of [{ maxAuthAge: 300 }, { acr: "aal2" as const }])
    expect((await guarded({ auth, ...SCOPES, ...more })(bearing(key))).json.code).toBe(
      "insufficient_user_authentication",
    );
  expect((await guarded({ auth, ...SCOPES, roles: ["admin"] })(bearing(key))).status).toBe(403);
});

it("a key cannot be checked over the network, and its token can", async () => {
  const { apiKey, token, fetch: respond } = await createTestIssuer();
  const original = globalThis.fetch;
  globalThis.fetch = respond as typeof fetch;
  try {
    const get = guarded({ issuer: "https://auth.test", ...SCOPES });
    expect((await get(bearing(apiKey({ scope: "notes:read" })))).status).toBe(401);
    expect((await get(bearing(await token({ sid: "key:1", scope: "notes:read" })))).status).toBe(200);
  } finally {
    globalThis.fetch = original;
  }
});

it("an unreachable service answers 503 to a key", async () => {
  const { auth, apiKey, setReachable } = await createTestIssuer();
  const get = guarded({ auth, ...SCOPES });
  const key = apiKey({ scope: "notes:read" });
  expect((await get(bearing(key))).status).toBe(200);
  setReachable(false);
  expect((await get(bearing(key))).status).toBe(503);
});

it("the test issuer has keys of users and clients, which it lists and revokes", async () => {
  const { auth, admin, addUser, apiKey, token } = await createTestIssuer();
  const { id } = addUser();
  const get = guarded({ auth, ...SCOPES });
  const key = apiKey({ sub: id, scope: "notes:read" });
  expect((await get(bearing(key))).json).toMatchObject({ sub: id, amr: [], auth_time: 0 });
  const own = await admin.listApiKeys({ user_id: id });
  expect(own.ok && (await admin.revokeApiKey(own.value.api_keys[0]?.id ?? "")).ok).toBe(true);
  expect((await get(bearing(key))).status).toBe(401);
  const sid = own.ok ? `key:${own.value.api_keys[0]?.id}` : "";
  expect((await get(bearing(await token({ sid, scope: "notes:read" })))).status).toBe(401);

  const created = await admin.createApiKey({ client_id: "reports", name: "Reports", scopes: ["notes:read"] });
  expect((await get(bearing(created.ok ? created.value.key : ""))).json).toMatchObject({ client_id: "reports" });
});

import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { NewClient } from "../../src/contract/oauth-client.ts";
import { KEY_BODY, RESOURCE } from "../support/api-keys.ts";
import { register } from "../support/oauth.ts";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { atOnce } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import { administer, call, type Outcome } from "../support/rpc.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const { name, scopes } = KEY_BODY;

/** A client that acts for itself, with an API key. */
async function createService(input: Partial<NewClient> = {}) {
  const world = createWorld();
  const registered = await register(world, { grant_types: ["client_credentials"], first_party: true, ...input });
  const { client_id } = registered.client;
  const create = (more: object = {}): Promise<Outcome> =>
    administer(world, "createApiKey", { client_id, name, scopes, ...more });
  const { value } = await create();
  const exchange = () => world.post("/auth/api-keys/token", { api_key: value.key, resource: RESOURCE });
  const verify = (options: object = {}, text = value.key) =>
    call(world, "verify", text, { apiKeys: true, ...(text !== value.key && { audience: RESOURCE }), ...options });
  return { world, ...registered, client_id, create, ...value, exchange, verify };
}

/** Asks a client's introspection about a token. */
async function introspect(
  world: ReturnType<typeof createWorld>,
  by: Awaited<ReturnType<typeof register>>,
  token: string,
) {
  const form = { token, client_id: by.client.client_id, client_secret: by.secret ?? "" };
  return (await world.form("/oauth/introspect", form)).json;
}

it("a key of a client names the client as its subject, like the tokens that it gets itself", async () => {
  const { world, client_id, id, exchange, verify } = await createService();
  expect((await verify()).value).toMatchObject({ sub: client_id, client_id, sid: `key:${id}`, scope: "notes:read" });
  const { access_token } = (await exchange()).json;
  for (const tier of ["local", "revocation", "authoritative"])
    expect((await verify({ tier }, access_token)).value).toMatchObject({ sub: client_id });
  expect((await world.me(access_token)).status).toBe(401);
});

it("a key of a client may do what the client may still do", async () => {
  const { world, client_id, verify } = await createService();
  await administer(world, "updateClient", client_id, { scopes: ["notes:write"] });
  expect((await verify()).value.scope).toBe("");
  await administer(world, "updateClient", client_id, { scopes: null, grant_types: ["authorization_code"] });
  expect((await verify()).code).toBe("unauthenticated");
});

it("the keys of a client end with it, and their tokens within a minute", async () => {
  const { world, client_id, exchange, verify } = await createService();
  const { access_token } = (await exchange()).json;
  await administer(world, "deleteClient", client_id);
  expect((await verify()).code).toBe("unauthenticated");
  expect(await rowCount("api_keys")).toBe(0);
  await env.DB.prepare("update denylist_outbox set revoked_at = revoked_at - 60000").run();
  await world.schedule();
  expect((await verify({}, access_token)).code).toBe("unauthenticated");
});

it("only a client that acts for itself has keys, at most fifty", async () => {
  const { world, client_id, create } = await createService();
  const other = await register(world);
  const forOther = { client_id: other.client.client_id };
  expect((await create(forOther)).code).toBe("not_found");
  expect((await create({ client_id: "unknown" })).code).toBe("not_found");
  expect((await create({ scopes: ["openid"] })).code).toBe("invalid_request");
  const created = await atOnce<Outcome>(52, () => create());
  expect(created.filter(({ ok }) => ok)).toHaveLength(49);
  expect(created.find((each) => !each.ok).code).toBe("too_many_api_keys");
  const { api_keys } = (await administer(world, "listApiKeys", { client_id })).value;
  expect(api_keys).toHaveLength(50);
  expect(api_keys[0]).not.toHaveProperty("key");
});

it("an administrator lists and revokes the keys of users, and of one owner at a time", async () => {
  const { world, jane, login } = await createWorldWithJane(PROVIDERS);
  const { access_token: token } = await login();
  const { id } = (await world.call("POST", "/users/me/api-keys", { token, body: KEY_BODY })).json;
  const { api_keys } = (await administer(world, "listApiKeys", { user_id: jane.id })).value;
  expect(api_keys).toMatchObject([{ id, name, scopes }]);
  for (const owner of [{}, { user_id: jane.id, client_id: "x" }])
    expect((await administer(world, "listApiKeys", owner)).code).toBe("invalid_request");
  expect((await administer(world, "revokeApiKey", id)).ok).toBe(true);
  expect((await administer(world, "revokeApiKey", id)).code).toBe("not_found");
  const { events } = (await administer(world, "listEvents", { id: jane.id })).value;
  expect(events.map(({ type }: { type: string }) => type)).toContain("api_key_revoked");
  await world.flush();
  expect((await outbox.last()).subject).toBe("An API key was revoked");
});

it("introspection tells a client of the operator about a key, in one trip, and others nothing", async () => {
  const { world, client_id, key, id } = await createService();
  const [own, other] = [await register(world, { first_party: true }), await register(world)];
  await introspect(world, own, key);
  world.counts.d1 = 0;
  expect(await introspect(world, own, key)).toEqual({
    active: true,
    iss: world.env.ISSUER,
    sub: client_id,
    sid: `key:${id}`,
    client_id,
    scope: "notes:read",
  });
  expect(world.counts.d1).toBe(1);
  expect(await introspect(world, other, key)).toEqual({ active: false });
  expect(await introspect(world, { ...own, secret: "wrong" }, key)).toMatchObject({ error: "invalid_client" });
  await administer(world, "revokeApiKey", id);
  expect(await introspect(world, own, key)).toEqual({ active: false });
});

it("introspection follows the token of a key to the key", async () => {
  const { world, client_id, client, secret, auth, id, exchange } = await createService();
  const [itself, other] = [{ client, secret, auth }, await register(world)];
  const { access_token } = (await exchange()).json;
  const { jane, login } = await createWorldWithJane();
  const { access_token: token } = await login();
  const ofJane = (await world.call("POST", "/users/me/api-keys", { token, body: KEY_BODY })).json;
  const exchanged = await world.post("/auth/api-keys/token", { api_key: ofJane.key, resource: RESOURCE });
  const tokenOfJane = exchanged.json.access_token;

  expect(await introspect(world, itself, access_token)).toMatchObject({ active: true, sub: client_id, aud: RESOURCE });
  expect(await introspect(world, itself, tokenOfJane)).toMatchObject({ active: true, sub: jane.id });
  for (const each of [access_token, tokenOfJane]) {
    expect(await introspect(world, other, each)).toEqual({ active: false });
    expect(await introspect(world, { ...itself, secret: "wrong" }, each)).toMatchObject({ error: "invalid_client" });
  }
  for (const each of [id, ofJane.id]) await administer(world, "revokeApiKey", each);
  for (const each of [access_token, tokenOfJane])
    expect(await introspect(world, itself, each)).toEqual({ active: false });
});

it("a key of a client that is not the operator's is good for a resource alone", async () => {
  const { world, client_id, client, secret, auth, key, exchange, verify } = await createService({ first_party: false });
  expect((await verify()).code).toBe("unauthenticated");
  expect((await verify({ audience: RESOURCE })).value).toMatchObject({ sub: client_id, aud: RESOURCE });
  const { access_token } = (await exchange()).json;
  const itself = { client, secret, auth };
  expect(await introspect(world, itself, access_token)).toMatchObject({ active: true, sub: client_id });
  expect(await introspect(world, itself, key)).toEqual({ active: false });
});

import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import * as oauth from "oauth4webapi";
import { expect, it } from "vitest";
import type { NewClient } from "../../src/contract/oauth-client.ts";
import { discover, optionsOf, register } from "../support/oauth.ts";
import { firstRow } from "../support/rows.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorld, ISSUER } from "../support/world.ts";

const RESOURCE = "https://notes.example/api";
const SETTINGS = {
  OAUTH_RESOURCES: RESOURCE,
  OAUTH_SCOPES: JSON.stringify(
    ["notes:read", "notes:write"].map((name) => ({ name, description: { en: "Do something" } })),
  ),
};

/** A client that has only itself as a user, and its requests. */
async function createService(input: Partial<NewClient> = {}) {
  const world = createWorld({ ...SETTINGS });
  const registered = await register(world, {
    grant_types: ["client_credentials"],
    scopes: ["openid", "notes:read"],
    ...input,
  });
  const { client, secret = "" } = registered;
  const ask = (fields: Record<string, string> = {}) =>
    world.form("/oauth/token", {
      grant_type: "client_credentials",
      client_id: client.client_id,
      ...(secret && { client_secret: secret }),
      resource: RESOURCE,
      ...fields,
    });
  const introspect = async (token: string, by = registered) =>
    (
      await world.form("/oauth/introspect", {
        token,
        client_id: by.client.client_id,
        client_secret: by.secret ?? "",
      })
    ).json;
  return { world, ...registered, ask, introspect };
}

const told = ({ status, json }: { status: number; json: { error?: string } }) => [status, json.error];

it("a client gets a token for itself, for a resource and some of its scopes", async () => {
  const { world, client, auth } = await createService();
  const as = await discover(world);
  const parameters = { resource: RESOURCE, scope: "notes:read" };

  const response = await oauth.clientCredentialsGrantRequest(as, client, auth, parameters, optionsOf(world));
  const tokens = await oauth.processClientCredentialsResponse(as, client, response);

  expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 900, scope: "notes:read" });
  expect(tokens.refresh_token).toBeUndefined();
  const claims = decodeJwt(tokens.access_token);
  const { client_id } = client;
  const own = { sub: client_id, client_id, aud: RESOURCE, sid: `client:${client_id}`, scope: "notes:read" };
  expect(claims).toMatchObject({ ...own, amr: [], roles: [], acr: "aal1", auth_time: 0 });
  expect(claims.jti).toEqual(expect.any(String));
});

it("without a resource only a client of the operator gets a token, for the service", async () => {
  const own = await createService({ first_party: true });
  const other = await createService();

  expect(decodeJwt((await own.ask({ resource: "" })).json.access_token).aud).toBe(ISSUER);
  expect(told(await other.ask({ resource: "" }))).toEqual([400, "invalid_target"]);
  expect(told(await other.ask({ resource: ISSUER }))).toEqual([400, "invalid_target"]);
});

it.each([
  ["a wrong secret", { client_secret: "x" }, 401, "invalid_client"],
  ["an unknown client", { client_id: "x" }, 401, "invalid_client"],
  ["no secret", { client_secret: "" }, 401, "invalid_client"],
  ["an unknown resource", { resource: "https://other.example" }, 400, "invalid_target"],
  ["a scope that it may not have", { scope: "notes:write" }, 400, "invalid_scope"],
  ["a scope about a user", { scope: "openid" }, 400, "invalid_scope"],
  ["an unknown scope", { scope: "notes:read nothing" }, 400, "invalid_scope"],
])("%s gets no token", async (_, fields, status, error) => {
  const { ask } = await createService();

  expect(told(await ask(fields as unknown as Record<string, string>))).toEqual([status, error]);
});

it("a client without the grant, or without a secret, gets no token", async () => {
  const other = await createService({ grant_types: ["authorization_code"] });
  const { world } = other;
  const open = { client_name: "Open", token_endpoint_auth_method: "none" };

  expect(told(await other.ask())).toEqual([400, "unauthorized_client"]);
  const refused = await administer(world, "createClient", { ...open, grant_types: ["client_credentials"] });
  expect([refused.code, refused.errors[0].path]).toEqual(["invalid_request", "grant_types"]);
  const { value } = await administer(world, "createClient", open);
  await administer(world, "updateClient", value.client_id, { grant_types: ["client_credentials"] });
  const asked = await other.ask({ client_id: value.client_id, client_secret: "" });
  expect(told(asked)).toEqual([400, "unauthorized_client"]);
});

it("a token of a client itself is none of a user", async () => {
  const { world, ask } = await createService({ first_party: true });
  const token = (await ask({ resource: "" })).json.access_token;
  const headers = { authorization: `Bearer ${token}` };

  expect((await world.me(token)).status).toBe(401);
  expect((await world.send("/oauth/userinfo", { headers })).status).toBe(401);
  expect((await world.post("/users/me/reauthenticate", { password: "x" }, headers)).status).toBe(401);
  expect((await world.post("/auth/logout", { scope: "global" }, headers)).status).toBe(401);
});

it("a deleted client is denied with the tokens that it has", async () => {
  const { world, client, ask } = await createService({ first_party: true });
  const token = (await ask({ resource: "" })).json.access_token;
  const tiers = ["local", "revocation", "authoritative"];
  const verify = async () => Promise.all(tiers.map(async (tier) => (await call(world, "verify", token, { tier })).ok));

  expect(await verify()).toEqual([true, true, true]);
  await administer(world, "deleteClient", client.client_id);

  expect(await verify()).toEqual([true, false, false]);
  const sid = `client:${client.client_id}`;
  expect(await env.DENYLIST.get(`sid:${sid}`)).not.toBeNull();
  expect(await firstRow("denylist_outbox")).toMatchObject({ session_id: sid });
});

it("introspection shows a client its own token, and the operator every one", async () => {
  const { world, client, ask, introspect } = await createService();
  const { access_token } = (await ask({ scope: "notes:read" })).json;
  const operator = await register(world, { first_party: true });
  const stranger = await register(world);
  const own = { active: true, sub: client.client_id, client_id: client.client_id, scope: "notes:read" };

  expect(await introspect(access_token)).toMatchObject(own);
  expect(await introspect(access_token, operator)).toMatchObject(own);
  expect(await introspect(access_token, stranger)).toEqual({ active: false });
  await administer(world, "deleteClient", client.client_id);
  expect(await introspect(access_token, operator)).toEqual({ active: false });
});

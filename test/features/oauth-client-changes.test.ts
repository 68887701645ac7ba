import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import type { ClientChange } from "../../src/contract/oauth-client.ts";
import {
  authorizePath,
  codeFor,
  createSignedIn,
  credentialsOf,
  refreshAs,
  register,
  request,
  tokensOf,
} from "../support/oauth.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, dumpRows, ISSUER, stopClock } from "../support/world.ts";

const ALL = "openid profile email offline_access";
const DAY = 86_400_000;

/** Jane, an administrator, and a client that she has allowed, with tokens and with a code. */
async function prepare(first_party: boolean) {
  const { world, visitor, jane } = await createSignedIn();
  await administer(world, "setRoles", jane.id, ["admin"]);
  await visitor.signIn();
  const client = await register(world, { first_party });
  const tokens = await tokensOf(world, visitor, client);
  const code = await codeFor(visitor, client);
  const change = (fields: ClientChange) => administer(world, "updateClient", client.client.client_id, fields);
  const refresh = (more = {}) => refreshAs(world, client, tokens.refresh_token, more);
  return { world, visitor, client, tokens, code, change, refresh };
}

describe("a client that gets fewer scopes", () => {
  it("has only those in the tokens of sessions and codes from before, until it gets the others back", async () => {
    const { world, client, tokens, code, change, refresh } = await prepare(false);
    await change({ scopes: ["openid", "profile"] });

    const before = await dumpRows();
    expect((await refresh({ scope: "openid email" })).json.error).toBe("invalid_scope");
    expect(await dumpRows()).toEqual(before);
    const token = { ...credentialsOf(client), token: tokens.refresh_token };
    const inspected = await world.form("/oauth/introspect", token);
    const exchanged = await world.form("/oauth/token", code);
    const refreshed = await refresh();
    for (const { json } of [inspected, exchanged, refreshed]) expect(json.scope).toBe("openid profile");
    expect(decodeJwt(refreshed.json.access_token)["scope"]).toBe("openid profile");
    expect(decodeJwt(exchanged.json.id_token)).not.toHaveProperty("email");
    const info = await world.call("GET", "/oauth/userinfo", { token: refreshed.json.access_token });
    expect([info.status, info.json.email]).toEqual([200, undefined]);

    await change({ scopes: null });
    expect((await refreshAs(world, client, exchanged.json.refresh_token)).json.scope).toBe(ALL);
  });

  it("has only those that the service still has", async () => {
    const { world, visitor, client } = await prepare(false);
    const { refresh_token } = await tokensOf(world, visitor, client, { scope: `${ALL} notes:read notes:write` });
    const OAUTH_SCOPES = JSON.stringify([{ name: "notes:read", description: { en: "Your notes" } }]);
    const later = createWorld({ OAUTH_SCOPES });

    const { json } = await refreshAs(later, client, refresh_token);
    expect([json.scope, decodeJwt(json.access_token)["scope"]]).toEqual(Array(2).fill(`${ALL} notes:read`));
  });

  it("goes on for 7 days without a use from its next refresh, if offline_access is gone", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, client, change, refresh } = await prepare(false);
    await change({ scopes: ["openid"] });
    const { refresh_token } = (await refresh()).json;

    stopClock(start + 7 * DAY - 1000);
    const later = await refreshAs(world, client, refresh_token);
    stopClock(start + 15 * DAY);
    const last = await refreshAs(world, client, later.json.refresh_token);
    expect([later.status, last.json.error]).toEqual([200, "invalid_grant"]);
  });
});

describe("a client that", () => {
  it.each([
    ["is no longer the operator's loses its sessions and codes, and asks its users", true],
    ["becomes the operator's loses its sessions and codes, and gets roles by a new sign-in", false],
  ])("%s", async (_, first_party) => {
    const { world, visitor, client, tokens, code, change, refresh } = await prepare(first_party);
    expect((await world.call("GET", "/oauth/userinfo", { token: tokens.access_token })).status).toBe(200);
    await change({ first_party: !first_party });

    expect([(await refresh()).json.error, (await world.form("/oauth/token", code)).json.error]).toEqual([
      "invalid_grant",
      "invalid_grant",
    ]);
    expect((await world.call("GET", "/oauth/userinfo", { token: tokens.access_token })).status).toBe(401);
    const { params } = await request(client.client, { prompt: "none" });
    const { location } = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
    expect(new URL(location ?? "").searchParams.get("error")).toBe(first_party ? "consent_required" : null);
    const { access_token } = await tokensOf(world, visitor, client);
    expect(decodeJwt(access_token)).toMatchObject(
      first_party ? { aud: `${ISSUER}/oauth/userinfo`, roles: [] } : { aud: ISSUER, roles: ["admin"] },
    );
  });

  it("stays what it is keeps its sessions and codes", async () => {
    const { world, code, change, refresh } = await prepare(true);
    await change({ first_party: true, client_name: "New name" });

    expect([(await refresh()).status, (await world.form("/oauth/token", code)).status]).toEqual([200, 200]);
  });
});

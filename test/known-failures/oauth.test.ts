import { describe, expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import {
  authorizePath,
  createSignedIn,
  credentialsOf,
  refreshAs,
  register,
  request,
  tokensOf,
} from "../support/oauth.ts";
import { expireSessions, revokeSessions } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, dumpRows, ISSUER, JSON_TYPE } from "../support/world.ts";

const ANY = "https://anywhere.example";

/**
 * Failures of other authorization servers, by their issues. Others are in `test/features/oauth-*`,
 * and in `test/scripts/oauth-pages.test.ts`.
 */
describe("known failures of other authorization servers", () => {
  it("workers-oauth-provider#201: a client that was deleted is told so, and its browser is not sent back", async () => {
    const { world, visitor } = await createSignedIn();
    const client = await register(world, { first_party: true });
    const { refresh_token } = await tokensOf(world, visitor, client);
    await administer(world, "deleteClient", client.client.client_id);

    const { status, json, headers } = await refreshAs(world, client, refresh_token);
    expect([status, json.error, headers.get("www-authenticate")]).toEqual([401, "invalid_client", expect.any(String)]);
    const { params } = await request(client.client);
    const page = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
    expect([page.status, page.location, page.headers.get("refresh")]).toEqual([400, null, null]);
  });

  it.each([
    ["expired", expireSessions],
    ["revoked", revokeSessions],
  ])("better-auth#8103: a refresh token that is %s is an invalid_grant", async (_, end) => {
    const { world, visitor } = await createSignedIn();
    const client = await register(world);
    const { refresh_token } = await tokensOf(world, visitor, client);
    await end();
    const before = await dumpRows();
    const { status, json } = await refreshAs(world, client, refresh_token);
    expect([status, json.error, await dumpRows()]).toEqual([400, "invalid_grant", before]);
  });

  it("worldmonitor#4938, and Keycloak's guide: each endpoint answers its method, to pages of any origin", async () => {
    const { world, visitor } = await createSignedIn({ OAUTH_DCR: "on" });
    const client = await register(world, { grant_types: ["authorization_code", DEVICE_GRANT] });
    const { access_token } = await tokensOf(world, visitor, client);
    const metadata = (await world.get("/.well-known/oauth-authorization-server")).json;
    const form = (fields: Record<string, string>): RequestInit => ({
      method: "POST",
      body: new URLSearchParams({ ...credentialsOf(client), ...fields }),
    });
    const requests: Record<string, [RequestInit, number]> = {
      token_endpoint: [form({ grant_type: "authorization_code" }), 400],
      introspection_endpoint: [form({ token: access_token }), 200],
      userinfo_endpoint: [{ headers: { authorization: `Bearer ${access_token}` } }, 200],
      revocation_endpoint: [form({ token: access_token }), 200],
      device_authorization_endpoint: [form({}), 200],
      registration_endpoint: [{ method: "POST", headers: JSON_TYPE, body: "{}" }, 400],
      jwks_uri: [{}, 200],
    };
    // Browsers go to these, which answer with pages.
    const pages = ["authorization_endpoint", "end_session_endpoint"];
    const called = Object.keys(metadata).filter((name) => /_(endpoint|uri)$/.test(name) && !pages.includes(name));
    expect(Object.keys(requests).sort()).toEqual(called.sort());
    for (const [name, [init, status]] of Object.entries(requests)) {
      const url: string = metadata[name];
      expect(url.startsWith(`${ISSUER}/`)).toBe(true);
      const path = url.slice(ISSUER.length);
      const preflight = { origin: ANY, "access-control-request-method": init.method ?? "GET" };
      const asked = await world.send(path, { method: "OPTIONS", headers: preflight });
      const answer = await world.send(path, {
        redirect: "manual",
        ...init,
        headers: { ...(init.headers as Record<string, string>), origin: ANY },
      });
      expect([name, asked.status, answer.status]).toEqual([name, 204, status]);
      for (const { headers } of [asked, answer]) {
        expect(headers.get("access-control-allow-origin")).toBe("*");
        expect(headers.get("access-control-allow-credentials")).toBeNull();
      }
    }
    const elsewhere = await world.get("/users/me", { origin: ANY });
    expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("claude-ai-mcp#228: the metadata offer offline_access, PKCE and iss, in both documents", async () => {
    const world = createWorld();
    for (const name of ["oauth-authorization-server", "openid-configuration"]) {
      expect((await world.get(`/.well-known/${name}`)).json).toMatchObject({
        issuer: ISSUER,
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
        scopes_supported: expect.arrayContaining(["openid", "offline_access"]),
        grant_types_supported: expect.arrayContaining(["authorization_code", "refresh_token"]),
      });
    }
  });
});

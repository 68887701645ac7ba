import { describe, expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import {
  authorizePath,
  codeFor,
  createSignedIn,
  refreshAs,
  register,
  request,
  startDevice,
  tokensOf,
} from "../support/oauth.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { dumpRows } from "../support/world.ts";

describe("a client of the operator", () => {
  it("opens the account with the scope `account` alone", async () => {
    const { world, visitor } = await createSignedIn();
    const own = await register(world, { first_party: true });
    const { access_token: token } = await tokensOf(world, visitor, own, { scope: "openid profile email" });
    const before = await dumpRows();
    for (const [method, path, body] of [
      ["GET", "/users/me"],
      ["PATCH", "/users/me", { display_name: "Thief" }],
      ["POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
    ] as const) {
      const { status, json, headers } = await world.call(method, path, { token, body });
      expect([status, json.code]).toEqual([403, "insufficient_scope"]);
      expect(headers.get("www-authenticate")).toContain('error="insufficient_scope", scope="account"');
    }
    expect(await dumpRows()).toEqual(before);
    const narrow = await register(world, { first_party: true, scopes: ["openid"] });
    expect((await tokensOf(world, visitor, narrow, { scope: "openid account" })).scope).toBe("openid");
  });

  it("alone gets that scope, by a code and on a device", async () => {
    const { world, visitor } = await createSignedIn();
    const [own, other] = [await register(world, { first_party: true }), await register(world)];
    const scope = "openid account";
    const { params } = await request(other.client, { scope });
    const { text } = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
    expect([text.includes("Know which account is yours"), text.includes("Manage your account")]).toEqual([true, false]);
    const scopes = [];
    for (const client of [own, other]) scopes.push((await tokensOf(world, visitor, client, { scope })).scope);
    for (const first_party of [true, false]) {
      const device = await startDevice(world, { first_party }, { scope });
      await visitor.post("/device", { code: device.user_code, answer: "allow" });
      const { client_id, device_code } = device;
      scopes.push((await world.form("/oauth/token", { grant_type: DEVICE_GRANT, client_id, device_code })).json.scope);
    }
    expect(scopes).toEqual([scope, "openid", scope, "openid"]);
  });

  it("gets tokens for the account itself, and only as long as its session lasts", async () => {
    const { world, visitor } = await createSignedIn();
    const own = await register(world, { first_party: true, token_endpoint_auth_method: "none" });
    const { access_token, refresh_token } = await tokensOf(world, visitor, own, { scope: "openid account" });
    expect((await world.me(access_token)).status).toBe(200);
    const renewed = (await refreshAs(world, own, refresh_token)).json;
    expect((await world.me(renewed.access_token)).status).toBe(200);
    // No more than the user had: the code of a session that has ended opens none.
    const form = await codeFor(visitor, own);
    await visitor.post("/sign-out", {});
    expect((await world.form("/oauth/token", form)).json.error).toBe("invalid_grant");
  });
});

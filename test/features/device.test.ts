import { env } from "cloudflare:workers";
import * as oauth from "oauth4webapi";
import { describe, expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import { primary } from "../../src/storage/db.ts";
import { revokeGrants } from "../../src/storage/oauth-grants.ts";
import { createDevice, poll, type Started, stoppedClock, told, type World } from "../support/device.ts";
import { createSignedIn, discover, fieldsOf, optionsOf, register, startDevice } from "../support/oauth.ts";
import { atOnce, count } from "../support/race.ts";
import { disableUsers, eventTypes, rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { mainOf } from "../support/visitor.ts";
import { sidOf } from "../support/world.ts";

describe("a device", () => {
  it("gets tokens after its user typed the code and allowed it, all with oauth4webapi", async () => {
    const { world, visitor, jane } = await createSignedIn();
    const { client, auth } = await register(world, { client_name: "TV", grant_types: [DEVICE_GRANT, "refresh_token"] });
    const as = await discover(world);
    const options = optionsOf(world);
    const parameters = { scope: "openid email offline_access admin" };
    const started = await oauth.deviceAuthorizationRequest(as, client, auth, parameters, options);
    const device = await oauth.processDeviceAuthorizationResponse(as, client, started);
    const { user_code, verification_uri, verification_uri_complete } = device;
    const ask = async () =>
      oauth.processDeviceCodeResponse(
        as,
        client,
        await oauth.deviceCodeGrantRequest(as, client, auth, device.device_code, options),
      );

    expect(device).toMatchObject({ expires_in: 600, interval: 5, verification_uri: "https://auth.test/device" });
    expect(user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(verification_uri_complete).toBe(`${verification_uri}?user_code=${user_code}`);
    await expect(ask()).rejects.toMatchObject({ error: "authorization_pending", status: 400 });

    const form = await visitor.get(verification_uri_complete ?? "");
    expect(form.text).toContain(`value="${user_code}"`);
    const page = await visitor.post("/device", { code: user_code });
    expect(mainOf(page.text)).toMatch(
      /TV wants to use your account.*See your email address.*shows the code <strong>[A-Z]{4}-[A-Z]{4}<\/strong>\. If someone sent/s,
    );
    const { code } = fieldsOf(page.text);
    expect((await visitor.post("/device", { code: code ?? "", answer: "allow" })).location).toBe(
      "/device?notice=allow",
    );
    const tokens = await ask();

    expect(tokens).toMatchObject({ token_type: "bearer", scope: "openid email offline_access" });
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: jane.id, amr: ["pwd"] });
    const renewed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token!, options),
    );
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await eventTypes()).toEqual(expect.arrayContaining(["grant_added", "client_signed_in"]));
    expect((await rows("oauth_grants")).length).toBe(1);
  });

  it("starts, polls and is allowed in one trip each", async () => {
    const { world, device, answer } = await createDevice();
    const { client_id } = device;

    expect((await world.cost(() => world.form("/oauth/device_authorization", { client_id }))).d1).toBe(1);
    expect((await world.cost(() => poll(world, device))).d1).toBe(1);
    expect((await world.cost(() => answer())).d1).toBe(1);
    expect((await world.cost(() => poll(world, device))).d1).toBe(1);
  });

  it("is told to slow down if it polls too soon, by five seconds more each time", async () => {
    const { world, device } = await createDevice();
    const clock = stoppedClock();
    const after = async (seconds: number) => {
      clock.advance(seconds);
      return told(await poll(world, device))[1];
    };

    expect(await after(0)).toBe("authorization_pending");
    expect(await after(5)).toBe("authorization_pending");
    expect(await after(2)).toBe("slow_down");
    expect(await after(5)).toBe("slow_down");
    expect(await after(15)).toBe("authorization_pending");
  });

  it("learns that the user said no, and that the code has expired", async () => {
    const denied = await createDevice();
    expect((await denied.answer("deny")).location).toBe("/device?notice=deny");
    expect(told(await poll(denied.world, denied.device))).toEqual([400, "access_denied"]);
    expect(await rowCount("oauth_grants")).toBe(0);

    const clock = stoppedClock();
    const late = await startDevice(denied.world);
    clock.advance(601);
    expect(told(await poll(denied.world, late))).toEqual([400, "expired_token"]);
    expect((await denied.type(late.user_code)).status).toBe(400);
    expect((await denied.answer("allow", late.user_code)).status).toBe(400);
    clock.advance(600);
    await denied.world.schedule();
    expect(await rowCount("oauth_device_codes")).toBe(0);
  });

  it("gets one set of tokens when fifty polls race, and loses it when the code is used again", async () => {
    const { world, device, answer } = await createDevice();
    await answer();

    const polls = await atOnce(50, () => poll(world, device));
    const won = polls.find(({ status }) => status === 200);
    expect(
      count(
        polls.map(({ status }) => status),
        200,
      ),
    ).toBe(1);
    stoppedClock().advance(60);
    expect(told(await poll(world, device))).toEqual([400, "invalid_grant"]);

    const renewal = {
      grant_type: "refresh_token",
      client_id: device.client_id,
      refresh_token: won?.json.refresh_token,
    };
    expect(told(await world.form("/oauth/token", renewal))).toEqual([400, "invalid_grant"]);
  });

  it("gets nothing by the code of another client, another grant or another resource", async () => {
    const { world, device, answer } = await createDevice();
    const other = await startDevice(world);
    await answer();
    const { client_id, device_code } = device;

    expect(told(await poll(world, { ...device, client_id: other.client_id }))).toEqual([400, "invalid_grant"]);
    expect(told(await poll(world, { ...device, client_id: "x" }))).toEqual([401, "invalid_client"]);
    expect(told(await poll(world, { ...device, device_code: "x" }))).toEqual([400, "invalid_grant"]);
    expect(told(await poll(world, device, { device_code: "" }))).toEqual([400, "invalid_request"]);
    expect(told(await poll(world, device, { resource: "https://other.example" }))).toEqual([400, "invalid_target"]);
    const stolen = { grant_type: "authorization_code", client_id, code: device_code, code_verifier: "x".repeat(43) };
    expect(told(await world.form("/oauth/token", stolen))).toEqual([400, "unauthorized_client"]);
    await administer(world, "updateClient", client_id, { grant_types: [DEVICE_GRANT, "authorization_code"] });
    expect(told(await world.form("/oauth/token", stolen))).toEqual([400, "invalid_grant"]);
    expect((await poll(world, device)).status).toBe(200);
  });

  it.each([
    [
      "the grant was taken from its client",
      "unauthorized_client",
      (world: World, { client_id }: Started) =>
        administer(world, "updateClient", client_id, { grant_types: ["refresh_token"] }),
    ],
    ["the user was disabled", "invalid_grant", () => disableUsers()],
    ["the session that allowed it has ended", "invalid_grant", () => env.DB.exec("update sessions set revoked_at = 1")],
    [
      "its client was deleted",
      "invalid_client",
      (world: World, { client_id }: Started) => administer(world, "deleteClient", client_id),
    ],
  ])("gets nothing if %s meanwhile", async (_, error, change) => {
    const { world, device, answer } = await createDevice();
    await answer();
    await change(world, device);

    expect(told(await poll(world, device))[1]).toBe(error);
    expect((await rows("sessions")).filter(({ client_id }) => client_id !== null)).toEqual([]);
  });

  it("gets nothing if its client was revoked before the next poll", async () => {
    const { world, visitor, jane, device, answer } = await createDevice();
    await answer();
    const session = { userId: jane.id, sessionId: sidOf(visitor.cookies.get("__Host-access_token") ?? "") };

    const ended = await revokeGrants(primary(env.DB), session, device.client_id, {
      at: Date.now(),
      ip: null,
      userAgent: null,
      caller: null,
    });

    expect(ended).toEqual([]);
    expect(told(await poll(world, device))).toEqual([400, "invalid_grant"]);
  });
});

it("polls of one network have a count of their own, which tells to slow down", async () => {
  const limit = async ({ key }: { key: string }) => ({ success: !key.startsWith("poll ") });
  const { world, device } = await createDevice({ RATE_LIMIT_SESSIONS: { limit } as unknown as RateLimit });

  expect(told(await poll(world, device))).toEqual([400, "slow_down"]);
});

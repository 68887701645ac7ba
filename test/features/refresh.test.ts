import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { codeOf, DAY, expiryOf, generationOf, SECOND, START } from "../support/refresh-tokens.ts";
import {
  deleteSessions,
  deleteUsers,
  disableUsers,
  expireSessions,
  insertUser,
  moveSessionsTo,
  revokeSessions,
} from "../support/rows.ts";
import { createWorldWithJane, dumpRows, ISSUER, sidOf, stopClock } from "../support/world.ts";

describe("refresh", () => {
  it("returns a new pair of tokens of the same session, under both prefixes", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const first = await login();

    const { status, json } = await world.refresh(first.refresh_token);
    const again = await world.post("/api/v1/auth/refresh", { refresh_token: json.refresh_token });

    expect(status).toBe(200);
    const { device_token, ...renewable } = first;
    expect(Object.keys(json).sort()).toEqual(Object.keys(renewable).sort());
    expect(decodeJwt(json.access_token)).toMatchObject({
      iss: ISSUER,
      sub: jane.id,
      sid: sidOf(first.access_token),
    });
    expect(json.access_token).not.toBe(first.access_token);
    expect([first, json, again.json].map((tokens) => generationOf(tokens.refresh_token))).toEqual([0, 1, 2]);
    expect((await world.me(again.json.access_token)).json.id).toBe(jane.id);
  });

  it("updates the claims about the user and keeps auth_time", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(START);
    const { access_token, refresh_token } = await login();
    await env.DB.exec("update users set email_verified_at = 1");

    stopClock(START + 600 * SECOND);
    const { json } = await world.refresh(refresh_token);

    expect(decodeJwt(access_token)).toMatchObject({ email_verified: false, auth_time: START / 1000 });
    expect(decodeJwt(json.access_token)).toMatchObject({
      email_verified: true,
      auth_time: START / 1000,
      iat: START / 1000 + 570,
    });
  });

  it("extends the session up to its absolute maximum", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(START);
    let { refresh_token } = await login();
    const lifetimes: number[] = [];

    for (let day = 6; day < 30; day += 6) {
      stopClock(START + day * DAY);
      const { json } = await world.refresh(refresh_token);
      lifetimes.push(json.refresh_expires_in / 86_400);
      expect(expiryOf(json.refresh_token)).toBe(START / 1000 + Math.min(day + 7, 30) * 86_400);
      refresh_token = json.refresh_token;
    }

    expect(lifetimes).toEqual([7, 7, 7, 6]);
    stopClock(START + 30 * DAY - SECOND);
    const last = await world.refresh(refresh_token);
    expect([last.json.expires_in, last.json.refresh_expires_in]).toEqual([1, 1]);
    stopClock(START + 30 * DAY);
    expect(await codeOf(world.refresh(last.json.refresh_token))).toEqual([401, "invalid_refresh_token"]);
  });

  it("fails once a session was unused for seven days, to the second", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(START);
    const { refresh_token } = await login();

    stopClock(START + 7 * DAY);
    expect(await codeOf(world.refresh(refresh_token))).toEqual([401, "invalid_refresh_token"]);
    stopClock(START + 7 * DAY - SECOND);
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });

  it.each([
    ["the session is revoked", revokeSessions],
    ["the session is deleted", deleteSessions],
    ["the session has expired", expireSessions],
    ["the account is disabled", disableUsers],
    ["the account is deleted", deleteUsers],
    ["the session belongs to another account", () => moveSessionsTo("other")],
    [
      "the session is older than the token, as after a restored backup",
      () => env.DB.exec("update sessions set generation = -1"),
    ],
  ])("is refused if %s, and changes nothing", async (_, change) => {
    const { world, login } = await createWorldWithJane();
    await insertUser("other");
    const { refresh_token } = await login();
    const { json: successor } = await world.refresh(refresh_token);
    await change();
    const before = await dumpRows();

    // The current token, and the one before it within the reuse window.
    for (const token of [successor.refresh_token, refresh_token]) {
      expect(await codeOf(world.refresh(token))).toEqual([401, "invalid_refresh_token"]);
    }
    expect(await dumpRows()).toEqual(before);
  });

  it("is refused without a token", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token } = await login();

    for (const options of [{}, { body: {} }, { token: access_token }, { body: { refresh_token: access_token } }]) {
      const { status, json, headers } = await world.call("POST", "/auth/refresh", options);
      expect([status, json.code]).toEqual([401, "invalid_refresh_token"]);
      expect(headers.get("www-authenticate")).toBe('Bearer realm="gatehouse"');
    }
  });
});

describe("a refresh that races another request", () => {
  it("leaves no valid token after a logout", async () => {
    const { world, login } = await createWorldWithJane();

    for (let round = 0; round < 10; round++) {
      const { refresh_token } = await login();
      const refreshes = Array.from({ length: 5 }, () => world.refresh(refresh_token));
      const [out, ...answers] = await Promise.all([world.logout({ refresh_token }), ...refreshes]);

      expect(out.status).toBe(204);
      for (const { status, json } of answers.filter((answer) => answer.status !== 401)) {
        expect(status).toBe(200);
        expect((await world.refresh(json.refresh_token)).status).toBe(401);
        expect((await world.me(json.access_token)).status).toBe(401);
      }
    }
  });

  it("leaves no valid token of another session after a password change", async () => {
    const { world, login } = await createWorldWithJane();
    const [own, other] = [await login(), await login()];

    const [changed, ...answers] = await Promise.all([
      world.call("POST", "/users/me/password", {
        token: own.access_token,
        body: { old_password: PASSWORD, new_password: FRESH_PASSWORD },
      }),
      ...Array.from({ length: 10 }, () => world.refresh(other.refresh_token)),
    ]);

    expect(changed.status).toBe(200);
    for (const { json } of answers.filter(({ status }) => status === 200)) {
      expect((await world.refresh(json.refresh_token)).status).toBe(401);
      expect((await world.me(json.access_token)).status).toBe(401);
    }
    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    expect((await world.refresh(changed.json.refresh_token)).status).toBe(200);
  });
});

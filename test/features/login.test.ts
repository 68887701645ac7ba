import { env } from "cloudflare:workers";
import nodeCrypto from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it, vi } from "vitest";
import { decodeRefreshToken } from "../../src/crypto/tokens.ts";
import { aroundD1 } from "../support/bindings.ts";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { deleteUsers, disableUsers, eventTypes, firstRow, replacePasswords, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, DEFAULT_SCRYPT, stopClock } from "../support/world.ts";

describe("login", () => {
  it.each([
    { identifier: "jane.doe@example.com" },
    { identifier: "JANE.DOE@example.com" },
    { identifier: "+12025550123" },
    { identifier: "+1 202 555 0123" },
    { identifier: "JaneDoe" },
    { email: "jane.doe@example.com" },
    { phone: "+12025550123" },
    { username: "janedoe" },
  ])("accepts the identifier %o in JSON", async (identifier) => {
    const { world } = await createWorldWithJane();

    expect((await world.post("/auth/login", { ...identifier, password: PASSWORD })).status).toBe(200);
  });

  it.each([
    { username: "jane.doe@example.com" },
    { username: "+12025550123", grant_type: "password", scope: "", client_id: "", client_secret: "" },
  ])("accepts the OAuth 2.0 form %o", async (fields) => {
    const { world } = await createWorldWithJane();

    expect((await world.form("/auth/login", { ...fields, password: PASSWORD })).status).toBe(200);
  });

  it.each([
    ["a missing field", {}, "identifier"],
    ["two fields", { email: "jane.doe@example.com", username: "janedoe" }, "identifier"],
    ["a number", { identifier: 7 }, "identifier"],
    ["an object", { identifier: { $ne: null } }, "identifier"],
    ["an unknown field", { identifier: "janedoe", admin: true }, "admin"],
  ])("refuses %s as identifier", async (_, identifier, path) => {
    const { world } = await createWorldWithJane();

    const { status, json } = await world.post("/auth/login", { ...identifier, password: PASSWORD });

    expect(status).toBe(422);
    expect(json.errors[0].path).toBe(path);
  });
});

it("login answers a wrong password and an unknown user with equal bytes, after one hash each", async () => {
  const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
  const { world } = await createWorldWithJane(DEFAULT_SCRYPT);
  const wrong = { identifier: "janedoe", password: WRONG_PASSWORD };

  const known = await world.post("/auth/login", wrong);
  const knownCost = await world.cost(() => world.post("/auth/login", wrong));
  for (const identifier of ["nobody", "nobody@example.com", "+12025550199", "no identifier"]) {
    const unknown = await world.post("/auth/login", { ...wrong, identifier });
    scrypt.mockClear();
    const cost = await world.cost(() => world.post("/auth/login", { ...wrong, identifier }));

    expect(unknown.status).toBe(401);
    expect(unknown.text).toBe(known.text);
    expect([...unknown.headers]).toEqual([...known.headers]);
    expect(cost).toEqual(knownCost);
    const { N, r, p } = scrypt.mock.lastCall?.[3] ?? {};
    expect([scrypt.mock.calls.length, N, r, p]).toEqual([1, 2 ** 15, 8, 3]);
  }
  expect(await rowCount("sessions")).toBe(0);
});

it("login reveals that an account is disabled only to a correct password", async () => {
  const { world } = await createWorldWithJane();
  await disableUsers();

  const right = await logIn(world);
  const wrong = await logIn(world, "janedoe", WRONG_PASSWORD);

  expect([right.status, right.json.code]).toEqual([403, "account_disabled"]);
  expect([wrong.status, wrong.json.code]).toEqual([401, "invalid_credentials"]);
  expect(await rowCount("sessions")).toBe(0);
});

describe("a login whose account changes while the password is hashed", () => {
  it.each([
    ["a replaced password", replacePasswords, ["login_failed"]],
    ["a disabled account", disableUsers, ["login_failed"]],
    ["a deleted account", deleteUsers, []],
  ])("starts no session after %s", async (_, change, events) => {
    await createWorldWithJane();
    let trips = 0;
    const { post } = createWorld({
      // The first call reads the account, the second opens the session.
      DB: aroundD1(env.DB, async (trip) => {
        if (++trips === 2) await change();
        return trip();
      }),
    });

    const { status, json } = await post("/auth/login", { identifier: "janedoe", password: PASSWORD });

    expect([status, json.code]).toEqual([401, "invalid_credentials"]);
    expect(await rowCount("sessions")).toBe(0);
    expect(await eventTypes()).toEqual(["registered", ...events]);
  });
});

it("login does not accept look-alike letters of another alphabet", async () => {
  const { world } = await createWorldWithJane();
  await world.post("/auth/register", { email: "mike@example.com", password: PASSWORD });

  for (const identifier of ["mi\u212ae@example.com", "m\u0131ke@example.com", "mike@ex\u0430mple.com"]) {
    expect((await logIn(world, identifier)).status).toBe(401);
  }
});

it("login reads the client address only from the header that the edge sets", async () => {
  const { login } = await createWorldWithJane();

  await login({ "x-forwarded-for": "192.0.2.1", "x-real-ip": "192.0.2.1", forwarded: "for=192.0.2.1" });

  expect((await firstRow("sessions")).ip).toBeNull();
});

it("login records the user agent, address and times of a session", async () => {
  const { world } = await createWorldWithJane();
  stopClock(Date.UTC(2026, 0, 1));

  await world.post(
    "/auth/login",
    { identifier: "janedoe", password: PASSWORD },
    { "cf-connecting-ip": "2001:db8:1:2:3:4:5:6", "x-forwarded-for": "192.0.2.1", "user-agent": "x".repeat(2000) },
  );

  expect(await firstRow("sessions")).toMatchObject({
    generation: 0,
    created_at: Date.UTC(2026, 0, 1),
    last_used_at: Date.UTC(2026, 0, 1),
    expires_at: Date.UTC(2026, 0, 8),
    revoked_at: null,
    ip: "2001:db8:1:2::/64",
    user_agent: "x".repeat(256),
  });
});

describe("the tokens of a login", () => {
  it("carry the claims of RFC 9068 and no personal data", async () => {
    const { jane, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1));
    const now = Date.UTC(2026, 0, 1) / 1000;

    const tokens = await login();

    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 900, refresh_expires_in: 604_800 });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: "ES256", typ: "at+jwt" });
    const { jti, sid, ...claims } = decodeJwt(tokens.access_token);
    expect(claims).toEqual({
      iss: "https://auth.test",
      aud: "https://auth.test",
      sub: jane.id,
      iat: now - 30,
      exp: now + 900,
      auth_time: now,
      amr: ["pwd"],
      acr: "aal1",
      client_id: "gatehouse",
      email_verified: false,
      roles: [],
    });
    expect(decodeRefreshToken(tokens.refresh_token)).toEqual({
      userId: jane.id,
      sessionId: sid,
      generation: 0,
      expiresAt: now + 604_800,
    });
  });

  it("never outlive the session", async () => {
    const { world } = await createWorldWithJane({ SESSION_MAX_AGE_SECONDS: "60", ACCESS_TOKEN_AUDIENCE: "api" });

    const { json } = await logIn(world);

    expect(json).toMatchObject({ expires_in: 60, refresh_expires_in: 60 });
    expect(decodeJwt(json.access_token).aud).toBe("api");
  });
});

describe("a login by cookie", () => {
  it("ends the session that the browser had, and none of another user", async () => {
    const { world } = await createWorldWithJane();
    const enter = async (credentials: object, cookie = "") => {
      const headers = { origin: "https://app.test", ...(cookie && { cookie }) };
      const answer = await world.post("/auth/login", { ...credentials, transport: "cookie" }, headers);
      return answer.headers.getSetCookie()[0]!.split(";")[0]!;
    };
    const isActive = async (cookie: string) =>
      (await world.post("/auth/refresh", {}, { origin: "https://app.test", cookie })).status === 200;
    const jane = { identifier: "janedoe", password: PASSWORD };
    const john = { email: "john@example.com", password: PASSWORD };
    await world.post("/auth/register", john);

    const first = await enter(jane);
    const elsewhere = await enter(jane);
    const second = await enter(jane, first);
    const johns = await enter(john, second);

    const cookies = [first, elsewhere, second, johns];
    expect(await Promise.all(cookies.map(isActive))).toEqual([false, true, true, true]);
  });
});

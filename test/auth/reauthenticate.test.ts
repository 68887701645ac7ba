import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { aroundD1 } from "../support/bindings.ts";
import { rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpRows, PASSWORD, sidOf, stopClock } from "../support/world.ts";

const START = Date.UTC(2026, 0, 1);
const FRESH = "brand-new-horse-8";
const CHALLENGE = 'Bearer realm="gatehouse", error="insufficient_user_authentication", max_age="300"';

/** The acts that need a proof, without a password in the body. */
const ACTS = [
  ["POST", "/users/me/password", { new_password: FRESH }, 200],
  ["POST", "/users/me/email", { email: "new@example.com" }, 202],
  ["POST", "/users/me/phone", { phone: "+12025550144" }, 202],
  ["PATCH", "/users/me", { username: "jane.d", first_name: "Jane" }, 200],
  ["PATCH", "/users/me", { contact: "phone" }, 200],
  ["PATCH", "/users/me", { username: null }, 200],
  ["DELETE", "/users/me", undefined, 204],
] as const;

/** Jane's session, opened at the start. */
async function signedInAtStart() {
  const { world, login } = await createWorldWithJane();
  stopClock(START);
  return { world, tokens: await login() };
}

describe.each(ACTS)("%s %s without a password", (method, path, body, status) => {
  it("is allowed for 300 seconds after signing in", async () => {
    const { world, tokens } = await signedInAtStart();
    stopClock(START + 300_000);

    expect((await world.call(method, path, { token: tokens.access_token, body })).status).toBe(status);
  });

  it("requires re-authentication after that and changes nothing", async () => {
    const { world, tokens } = await signedInAtStart();
    stopClock(START + 301_000);
    const before = await dumpRows();

    const answer = await world.call(method, path, { token: tokens.access_token, body });

    expect([answer.status, answer.json.code]).toEqual([401, "reauthentication_required"]);
    expect(answer.headers.get("www-authenticate")).toBe(CHALLENGE);
    expect(await dumpRows()).toEqual(before);
  });

  it("is never allowed if REAUTHENTICATION_SECONDS is 0", async () => {
    const { tokens } = await signedInAtStart();

    const strict = createWorld({ REAUTHENTICATION_SECONDS: "0" });
    expect((await strict.call(method, path, { token: tokens.access_token, body })).status).toBe(401);
  });

  it("is allowed while strangers have locked the account", async () => {
    const { world, tokens } = await signedInAtStart();
    for (let n = 0; n < 6; n++) await world.post("/auth/login", { identifier: "janedoe", password: "wrong-horse-7" });

    expect((await world.call(method, path, { token: tokens.access_token, body })).status).toBe(status);
  });

  it("changes nothing if the session ends meanwhile", async () => {
    const { tokens } = await signedInAtStart();
    const sid = sidOf(tokens.access_token);
    let trips = 0;
    let before: unknown;
    const DB = aroundD1(env.DB, async (trip) => {
      if (++trips === 2) {
        await env.DB.exec(`update sessions set revoked_at = 1 where id = '${sid}'`);
        before = await dumpRows();
      }
      return trip();
    });

    const answer = await createWorld({ DB }).call(method, path, { token: tokens.access_token, body });

    // A request for a code is one trip: it changes nothing itself.
    if (trips < 2) return expect(status).toBe(202);
    expect([answer.status, answer.json.code]).toEqual([401, "reauthentication_required"]);
    expect(await dumpRows()).toEqual(before);
  });
});

describe("a change of the username or the preferred contact", () => {
  it("is allowed with the password in an old session, and clears failed guesses", async () => {
    const { world, tokens } = await signedInAtStart();
    const change = (password: string) =>
      world.call("PATCH", "/users/me", {
        token: tokens.access_token,
        body: { username: "jane.d", contact: "phone", password },
      });
    stopClock(START + 600_000);
    expect((await change("wrong-horse-7")).status).toBe(401);

    const { status, json } = await change(PASSWORD);

    expect([status, json.username, json.contact]).toEqual([200, "jane.d", "phone"]);
    expect(await rowCount("lockouts")).toBe(0);
  });

  it("counts a wrong password and changes nothing", async () => {
    const { world, tokens } = await signedInAtStart();
    const codes = [];
    for (let n = 0; n < 6; n++) {
      const body = { username: `jane.${n}`, first_name: "Eve", password: "wrong-horse-7" };
      codes.push((await world.call("PATCH", "/users/me", { token: tokens.access_token, body })).json.code);
    }

    expect(codes).toEqual([...Array(5).fill("invalid_credentials"), "too_many_attempts"]);
    expect((await world.me(tokens.access_token)).json).toMatchObject({ username: "janedoe", first_name: null });
  });

  it("is the only part of the profile that needs a proof", async () => {
    const { world, tokens } = await signedInAtStart();
    stopClock(START + 600_000);
    const body = { first_name: "Jane", last_name: "Doe", short_description: "…", locale: "de" };

    expect((await world.call("PATCH", "/users/me", { token: tokens.access_token, body })).status).toBe(200);
    const password = { token: tokens.access_token, body: { password: PASSWORD } };
    expect((await world.call("PATCH", "/users/me", password)).status).toBe(422);
  });
});

describe("POST /users/me/reauthenticate", () => {
  it("moves the time of authentication to a new session, whose tokens it issues", async () => {
    const { world, tokens } = await signedInAtStart();
    stopClock(START + 600_000);
    const token = tokens.access_token;

    const { status, json } = await world.call("POST", "/users/me/reauthenticate", {
      token,
      body: { password: PASSWORD },
    });

    expect(status).toBe(200);
    expect(decodeJwt(json.access_token)).toMatchObject({
      sid: expect.not.stringMatching(sidOf(token)),
      auth_time: START / 1000 + 600,
      amr: ["pwd"],
      acr: "aal1",
    });
    const act = { token: json.access_token, body: { new_password: FRESH } };
    const changed = world.call("POST", "/users/me/password", act);
    expect((await changed).status).toBe(200);
    const refreshed = await world.refresh((await changed).json.refresh_token);
    expect(decodeJwt<{ auth_time: number }>(refreshed.json.access_token).auth_time).toBe(START / 1000 + 600);
  });

  it("records the proof in the events of the account", async () => {
    const { world, tokens } = await signedInAtStart();
    const body = { password: PASSWORD };
    const renewed = await world.call("POST", "/users/me/reauthenticate", { token: tokens.access_token, body });

    const { json } = await world.call("GET", "/users/me/events", { token: renewed.json.access_token });
    expect(json.events.map(({ type }: { type: string }) => type)).toContain("reauthenticated");
  });

  it("voids the tokens that the session had before", async () => {
    const { world, tokens } = await signedInAtStart();
    await world.call("POST", "/users/me/reauthenticate", { token: tokens.access_token, body: { password: PASSWORD } });

    expect((await world.refresh(tokens.refresh_token)).status).toBe(401);
    expect((await world.me(tokens.access_token)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(tokens.access_token)}`)).not.toBeNull();
  });

  it("replaces the cookie of the session if the request does not say where the token goes", async () => {
    const { world, tokens } = await signedInAtStart();
    const body = { password: PASSWORD };
    const headers = { origin: "https://app.test", cookie: `__Host-refresh_token=${tokens.refresh_token}` };

    const renewed = await world.call("POST", "/users/me/reauthenticate", { token: tokens.access_token, body, headers });

    expect(renewed.json.refresh_token).toBeUndefined();
    expect(renewed.headers.get("set-cookie")).toContain("__Host-refresh_token=");
  });

  it("sets the refresh token as a cookie for an allowed origin only", async () => {
    const { world, tokens } = await signedInAtStart();
    const renew = (origin: string) =>
      world.call("POST", "/users/me/reauthenticate", {
        token: tokens.access_token,
        body: { password: PASSWORD, transport: "cookie" },
        headers: { origin },
      });

    const allowed = await renew("https://app.test");
    expect([allowed.status, allowed.json.refresh_token]).toEqual([200, undefined]);
    expect(allowed.headers.get("set-cookie")).toContain("__Host-refresh_token=");
    expect((await renew("https://evil.test")).json.code).toBe("origin_not_allowed");
  });

  it("counts a wrong password, locks the account and leaves the time of authentication", async () => {
    const { world, tokens } = await signedInAtStart();
    stopClock(START + 600_000);
    const renew = (password: string) =>
      world.call("POST", "/users/me/reauthenticate", { token: tokens.access_token, body: { password } });

    const codes: string[] = [];
    for (let n = 0; n < 6; n++) codes.push((await renew("wrong-horse-7")).json.code);

    expect(codes).toEqual([...Array(5).fill("invalid_credentials"), "too_many_attempts"]);
    expect((await renew(PASSWORD)).json.code).toBe("too_many_attempts");
    expect(await env.DB.prepare("select authenticated_at from sessions").first("authenticated_at")).toBe(START);
  });

  it("forgets failed guesses in its session when the password is right", async () => {
    const { world, tokens } = await signedInAtStart();
    const renew = (password: string) =>
      world.call("POST", "/users/me/reauthenticate", { token: tokens.access_token, body: { password } });
    for (let n = 0; n < 3; n++) await renew("wrong-horse-7");

    expect((await renew(PASSWORD)).status).toBe(200);

    expect(await env.DB.prepare("select count(*) as n from lockouts").first("n")).toBe(0);
  });
});

import { env } from "cloudflare:workers";
import { base64url } from "jose";
import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/passwords.ts";
import { deleteUsers, disableUsers, enableUsers, eventSessions } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpRows, sidOf, stopClock } from "../support/world.ts";

const isDenied = async (token: string) => (await env.DENYLIST.get(`sid:${sidOf(token)}`)) !== null;

describe("logout", () => {
  it("ends the session of a refresh token immediately, under both prefixes", async () => {
    for (const path of ["/auth/logout", "/api/v1/auth/logout"]) {
      const { world, login } = await createWorldWithJane();
      const { access_token, refresh_token } = await login();

      const { status, text } = await world.post(path, { refresh_token });

      expect([status, text]).toEqual([204, ""]);
      expect((await world.refresh(refresh_token)).json.code).toBe("invalid_refresh_token");
      expect((await world.me(access_token)).status).toBe(401);
      expect(await isDenied(access_token)).toBe(true);
      await deleteUsers();
    }
  });

  it("accepts an access token without a body", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();

    expect((await world.call("POST", "/auth/logout", { token: access_token })).status).toBe(204);
    expect((await world.refresh(refresh_token)).status).toBe(401);
  });

  it.each(["others", "global"] as const)("with scope %s refuses expired tokens and changes nothing", async (scope) => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1));
    const { access_token, refresh_token } = await login();
    stopClock(Date.UTC(2026, 0, 2));
    await login();
    stopClock(Date.UTC(2026, 0, 10));
    const before = await dumpRows();

    const byAccess = await world.call("POST", "/auth/logout", { token: access_token, body: { scope } });
    const byRefresh = await world.logout({ refresh_token, scope });

    expect([byAccess.status, byAccess.json.code]).toEqual([401, "unauthenticated"]);
    expect([byRefresh.status, byRefresh.json.code]).toEqual([401, "invalid_refresh_token"]);
    expect(await dumpRows()).toEqual(before);
  });

  it.each([
    ["local", 204],
    ["others", 401],
    ["global", 401],
  ] as const)("with scope %s and a used refresh token answers %i and ends only its session", async (scope, status) => {
    const { world, login } = await createWorldWithJane();
    const [own, other] = [await login(), await login()];
    const { json: second } = await world.refresh(own.refresh_token);
    const { json: third } = await world.refresh(second.refresh_token);

    const ended = await world.logout({ refresh_token: own.refresh_token, scope });

    expect([ended.status, ended.json?.code]).toEqual([status, status === 401 ? "refresh_token_reused" : undefined]);
    expect((await world.refresh(third.refresh_token)).status).toBe(401);
    expect(await isDenied(third.access_token)).toBe(true);
    expect((await world.refresh(other.refresh_token)).status).toBe(200);
    expect(await eventSessions("refresh_token_reused")).toEqual([sidOf(own.access_token)]);
    expect(world.sent).toHaveLength(1);
  });

  it("accepts expired tokens", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1));
    const [first, second] = [await login(), await login()];
    stopClock(Date.UTC(2026, 0, 2));

    expect((await world.me(first.access_token)).status).toBe(401);
    expect((await world.call("POST", "/auth/logout", { token: first.access_token })).status).toBe(204);
    expect((await world.refresh(first.refresh_token)).status).toBe(401);

    stopClock(Date.UTC(2026, 0, 20));
    expect((await world.logout({ refresh_token: second.refresh_token })).status).toBe(204);
  });

  it("answers 204 again for an ended session, and changes nothing", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    await world.logout({ refresh_token });
    const before = await dumpRows();

    for (const scope of ["local", "others", "global"] as const) {
      expect((await world.logout({ refresh_token, scope })).status).toBe(204);
      const answer = await world.call("POST", "/auth/logout", { token: access_token, body: { scope } });
      expect(answer.status).toBe(204);
    }
    expect(await dumpRows()).toEqual(before);
  });

  it.each([
    ["local", [false, true, true]],
    ["others", [true, false, false]],
    ["global", [false, false, false]],
  ] as const)("with scope %s leaves these sessions active: %j", async (scope, alive) => {
    const { world, login } = await createWorldWithJane();
    const sessions = [await login(), await login(), await login()];
    await world.post("/auth/register", { email: "john@example.com", username: "john", password: PASSWORD });
    const john = await world.post("/auth/login", { username: "john", password: PASSWORD });

    expect((await world.logout({ refresh_token: sessions[0].refresh_token, scope })).status).toBe(204);

    const isActive = await Promise.all(
      sessions.map(async (tokens) => (await world.me(tokens.access_token)).status === 200),
    );
    const denied = await Promise.all(sessions.map((tokens) => isDenied(tokens.access_token)));
    const fresh = await Promise.all(
      sessions.map(async ({ refresh_token }) => (await world.refresh(refresh_token)).status),
    );
    expect(isActive).toEqual(alive);
    expect(denied).toEqual(alive.map((isActive) => !isActive));
    expect(fresh).toEqual(alive.map((isActive) => (isActive ? 200 : 401)));
    expect((await world.refresh(john.json.refresh_token)).status).toBe(200);
  });

  it("by an ended session does not end the other sessions", async () => {
    const { world, login } = await createWorldWithJane();
    const [dead, living] = [await login(), await login()];
    await world.logout({ refresh_token: dead.refresh_token });

    await world.logout({ refresh_token: dead.refresh_token, scope: "global" });
    await world.call("POST", "/auth/logout", { token: dead.access_token, body: { scope: "others" } });

    expect((await world.refresh(living.refresh_token)).status).toBe(200);
  });

  it("ends the session of a disabled account, also after it is enabled again", async () => {
    const { world, login } = await createWorldWithJane();
    const { refresh_token } = await login();
    await disableUsers();

    expect((await world.logout({ refresh_token })).status).toBe(204);

    await enableUsers();
    expect((await world.refresh(refresh_token)).status).toBe(401);
  });

  it("refuses tokens that this service did not issue", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    const foreign = createWorld({ PEPPER: "x".repeat(43) });

    for (const options of [{}, { body: { scope: "global" } }, { token: "a.b.c" }, { token: refresh_token }]) {
      const { status, json } = await world.call("POST", "/auth/logout", options);
      expect([status, json.code]).toEqual([401, "unauthenticated"]);
    }
    for (const token of ["a.b.c", access_token, `${refresh_token}x`]) {
      const { status, json } = await world.logout({ refresh_token: token });
      expect([status, json.code]).toEqual([401, "invalid_refresh_token"]);
    }
    expect((await foreign.logout({ refresh_token })).status).toBe(401);
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });
});

describe("after logout", () => {
  /** The order of P-256's group (SEC 2, §2.4.2). */
  const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** (r, n - s) verifies as well as (r, s). */
  function flipS(token: string) {
    const [head, payload, signature = ""] = token.split(".");
    const bytes = base64url.decode(signature);
    const hex = (part: Uint8Array) => [...part].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const flipped = (N - BigInt(`0x${hex(bytes.slice(32))}`)).toString(16).padStart(64, "0");
    bytes.set(
      flipped.match(/../g)!.map((byte) => Number.parseInt(byte, 16)),
      32,
    );
    return `${head}.${payload}.${base64url.encode(bytes)}`;
  }

  /** The last character of 64 encoded bytes has four unused bits. */
  const trailingBits = (token: string) => token.slice(0, -1) + ALPHABET[ALPHABET.indexOf(token.at(-1)!) + 1];

  it.each([
    ["no alteration", (token: string) => token],
    ["a flipped s", flipS],
    ["trailing bits", trailingBits],
    ["a space behind", (token: string) => `${token} `],
    ["a space before", (token: string) => ` ${token}`],
    ["a line break within", (token: string) => `${token.slice(0, -5)}\n${token.slice(-5)}`],
    ["padding", (token: string) => `${token}==`],
    ["another alphabet", (token: string) => token.replaceAll("-", "+").replaceAll("_", "/")],
  ])("a token with %s stays refused", async (name, alter) => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();
    if (name === "a flipped s") expect((await world.me(alter(access_token))).status).toBe(200);
    await world.logout({ refresh_token });

    // A MAC has no s to flip.
    if (name !== "a flipped s") expect((await world.refresh(alter(refresh_token))).status).toBe(401);
    expect(
      (
        await world.call("GET", "/users/me", {
          headers: { authorization: `Bearer ${alter(access_token)}`.replace("\n", "") },
        })
      ).status,
    ).toBe(401);
  });
});

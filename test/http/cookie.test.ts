import { describe, expect, it } from "vitest";
import { logIn } from "../support/people.ts";
import { createWorld, createWorldWithJane, ISSUER, PASSWORD, sidOf } from "../support/world.ts";

const APP = "https://app.test";
const CREDENTIALS = { identifier: "janedoe", password: PASSWORD, transport: "cookie" };

const cookieOf = (headers: Headers) => headers.get("set-cookie")?.split(";")[0] ?? "";

async function loggedInByCookie() {
  const { world } = await createWorldWithJane();
  const { headers, json } = await world.post("/auth/login", CREDENTIALS, { origin: APP });
  return { world, cookie: cookieOf(headers), tokens: json };
}

describe("the refresh cookie", () => {
  it.each([APP, ISSUER])("holds the refresh token of a login from %s out of reach of scripts", async (origin) => {
    const { world } = await createWorldWithJane();

    const { status, json, headers } = await world.post("/auth/login", CREDENTIALS, { origin });

    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual(["access_token", "expires_in", "refresh_expires_in", "token_type"]);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-refresh_token=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      expect.stringMatching(/^__Host-device_token=[\w.-]+; Max-Age=15552000; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    expect(headers.get("set-cookie")!.length).toBeLessThan(4096);
  });

  it("is available to the login form as well", async () => {
    const { world } = await createWorldWithJane();
    const body = new URLSearchParams({ username: "janedoe", password: PASSWORD, transport: "cookie" });

    const { status, json, headers } = await world.send("/auth/login", {
      method: "POST",
      body,
      headers: { origin: APP },
    });

    expect([status, json.refresh_token]).toEqual([200, undefined]);
    expect(cookieOf(headers)).toContain("__Host-refresh_token=");
  });

  it("is not the default", async () => {
    const { world } = await createWorldWithJane();

    const { json, headers } = await world.post("/auth/login", { ...CREDENTIALS, transport: "body" }, { origin: APP });

    expect(json.refresh_token).toBeTruthy();
    expect(headers.get("set-cookie")).toBeNull();
  });

  it("refreshes a session and is replaced", async () => {
    const { world, cookie, tokens } = await loggedInByCookie();

    const first = await world.call("POST", "/auth/refresh", { headers: { cookie, origin: APP } });
    const second = await world.call("POST", "/auth/refresh", {
      headers: { cookie: `a=b; ${cookieOf(first.headers)}; c=d`, origin: APP },
      body: {},
    });

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.json.refresh_token).toBeUndefined();
    expect(sidOf(second.json.access_token)).toBe(sidOf(tokens.access_token));
    expect(cookieOf(second.headers)).not.toBe(cookieOf(first.headers));
    expect(first.headers.get("access-control-allow-credentials")).toBe("true");
    expect(first.headers.get("access-control-allow-origin")).toBe(APP);
  });

  it("is ignored if the body has a token", async () => {
    const { world, cookie, tokens } = await loggedInByCookie();
    const other = await logIn(world);
    const body = { refresh_token: other.json.refresh_token };

    const { json, headers } = await world.call("POST", "/auth/refresh", { body, headers: { cookie } });

    expect(sidOf(json.access_token)).not.toBe(sidOf(tokens.access_token));
    expect(json.refresh_token).toBeTruthy();
    expect(headers.get("set-cookie")).toBeNull();
  });

  it("logs out its session and is deleted", async () => {
    const { world, cookie, tokens } = await loggedInByCookie();
    const headers = { cookie, origin: APP };

    const out = await world.call("POST", "/auth/logout", { headers });

    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toBe(
      "__Host-refresh_token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
    expect((await world.me(tokens.access_token)).status).toBe(401);
    expect((await world.call("POST", "/auth/refresh", { headers })).status).toBe(401);
    expect((await world.call("POST", "/auth/logout", { headers })).status).toBe(204);
  });

  it("is kept by a session that logs out the others", async () => {
    const { world, cookie } = await loggedInByCookie();
    const headers = { cookie, origin: APP };

    const out = await world.call("POST", "/auth/logout", { headers, body: { scope: "others" } });

    expect([out.status, out.headers.get("set-cookie")]).toEqual([204, null]);
    expect((await world.call("POST", "/auth/refresh", { headers })).status).toBe(200);
  });

  it("yields to a bearer token at logout, and is deleted for an allowed origin", async () => {
    const { world, cookie, tokens } = await loggedInByCookie();

    const stranger = await world.call("POST", "/auth/logout", { token: tokens.access_token, headers: { cookie } });
    expect([stranger.status, stranger.headers.get("set-cookie")]).toEqual([204, null]);

    const own = await world.call("POST", "/auth/logout", {
      token: tokens.access_token,
      headers: { cookie, origin: APP },
    });
    expect(own.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  it("is kept if another session is logged out", async () => {
    const { world, cookie } = await loggedInByCookie();
    const other = await logIn(world);
    const headers = { cookie, origin: APP };

    const out = await world.call("POST", "/auth/logout", { token: other.json.access_token, headers });

    expect([out.status, out.headers.get("set-cookie")]).toEqual([204, null]);
    expect((await world.refresh(other.json.refresh_token)).status).toBe(401);
    expect((await world.call("POST", "/auth/refresh", { headers })).status).toBe(200);
  });

  it("logs out its session if the bearer token is foreign", async () => {
    const { world, cookie } = await loggedInByCookie();
    const headers = { cookie, origin: APP };

    const out = await world.call("POST", "/auth/logout", { token: "a.b.c", headers });

    expect([out.status, out.headers.get("set-cookie")]).toEqual([204, expect.stringContaining("Max-Age=0")]);
    expect((await world.call("POST", "/auth/refresh", { headers })).status).toBe(401);
  });

  it("is deleted if it is invalid, or its session ends with the account or by its user", async () => {
    const { world, cookie, tokens } = await loggedInByCookie();
    const token = tokens.access_token as string;
    const garbage = { cookie: "__Host-refresh_token=garbage", origin: APP };

    const out = await world.call("POST", "/auth/logout", { headers: garbage });
    expect([out.status, out.headers.get("set-cookie")]).toEqual([401, expect.stringContaining("Max-Age=0")]);

    const headers = { cookie, origin: APP };
    const ended = await world.call("DELETE", `/users/me/sessions/${sidOf(token)}`, { token, headers });
    expect([ended.status, ended.headers.get("set-cookie")]).toEqual([204, expect.stringContaining("Max-Age=0")]);

    const next = await world.post("/auth/login", CREDENTIALS, { origin: APP });
    const own = { cookie: cookieOf(next.headers), origin: APP };
    const deleted = await world.call("DELETE", "/users/me", {
      token: next.json.access_token,
      headers: own,
      body: { password: PASSWORD },
    });
    expect([deleted.status, deleted.headers.get("set-cookie")]).toEqual([204, expect.stringContaining("Max-Age=0")]);
  });

  it.each(["POST /auth/refresh", "POST /auth/logout"])("requires an allowed origin on %s", async (route) => {
    const { world, cookie } = await loggedInByCookie();
    const [method = "", path = ""] = route.split(" ");

    for (const origin of [
      undefined,
      "null",
      "https://evil.test",
      "https://app.test.evil.test",
      "http://app.test",
      "",
      "https://app.test, https://evil.test",
    ]) {
      const headers = { cookie, ...(origin !== undefined && { origin }) };
      const { status, json, headers: answer } = await world.call(method, path, { headers });
      expect([status, json.code]).toEqual([403, "origin_not_allowed"]);
      expect(answer.get("set-cookie")).toBeNull();
      expect(answer.get("access-control-allow-origin")).toBeNull();
      expect(answer.get("access-control-allow-credentials")).toBeNull();
    }
    expect((await world.call("POST", "/auth/refresh", { headers: { cookie, origin: APP } })).status).toBe(200);
  });

  it("is not set by a login form of another site", async () => {
    const { world } = await createWorldWithJane();
    const body = new URLSearchParams({ username: "janedoe", password: PASSWORD, transport: "cookie" });

    for (const headers of [{ origin: "https://evil.test" }, {}]) {
      const { status, json } = await world.send("/auth/login", { method: "POST", body, headers });
      expect([status, json.code]).toEqual([403, "origin_not_allowed"]);
    }
  });

  it("is not read from another name, and never as an access token", async () => {
    const { world, cookie, tokens } = await loggedInByCookie();
    const value = cookie.split("=")[1];

    for (const other of [
      `refresh_token=${value}`,
      `__Secure-refresh_token=${value}`,
      `__Host-refresh_token=${tokens.access_token}`,
    ]) {
      const { status } = await world.call("POST", "/auth/refresh", { headers: { cookie: other, origin: APP } });
      expect(status).toBe(401);
    }
    expect((await world.call("GET", "/users/me", { headers: { cookie, origin: APP } })).status).toBe(401);
  });
});

describe("CORS with credentials", () => {
  it("is allowed to the configured origins in a cacheable preflight", async () => {
    const preflight = (origin: string) =>
      createWorld().send("/auth/refresh", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });

    const [own, foreign] = [await preflight(APP), await preflight("https://evil.test")];

    expect(own.headers.get("access-control-allow-credentials")).toBe("true");
    expect(own.headers.get("access-control-max-age")).toBe("86400");
    expect(foreign.headers.get("access-control-allow-credentials")).toBeNull();
  });

  it("is never combined with *", async () => {
    const { headers } = await createWorld().get("/.well-known/jwks.json", { origin: APP });

    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { aroundD1 } from "../support/bindings.ts";
import { PASSWORD } from "../support/passwords.ts";
import { atOnce, count } from "../support/race.ts";
import { expireSession, replacePasswords } from "../support/rows.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

describe("the sessions of a user", () => {
  it("are listed with device, address and times, most recently used first", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1));
    const desktop = await login({ "user-agent": FIREFOX, "cf-connecting-ip": "203.0.113.7" });
    stopClock(Date.UTC(2026, 0, 2));
    const phone = await login({ "user-agent": IPHONE, "cf-connecting-ip": "2001:db8:1:2:3::4" });

    const { status, json } = await world.call("GET", "/users/me/sessions", { token: phone.access_token });

    expect(status).toBe(200);
    expect(json.sessions).toEqual([
      {
        id: sidOf(phone.access_token),
        created_at: "2026-01-02T00:00:00.000Z",
        last_used_at: "2026-01-02T00:00:00.000Z",
        expires_at: "2026-01-09T00:00:00.000Z",
        user_agent: IPHONE,
        device: { browser: "Safari", os: "iOS", type: "mobile" },
        ip: "2001:db8:1:2::/64",
        current: true,
        client: null,
      },
      {
        id: sidOf(desktop.access_token),
        created_at: "2026-01-01T00:00:00.000Z",
        last_used_at: "2026-01-01T00:00:00.000Z",
        expires_at: "2026-01-08T00:00:00.000Z",
        user_agent: FIREFOX,
        device: { browser: "Firefox", os: "Windows", type: "desktop" },
        ip: "203.0.113.7",
        current: false,
        client: null,
      },
    ]);
  });

  it("show the address and device of their last use", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1));
    const { refresh_token } = await login({ "cf-connecting-ip": "203.0.113.7" });
    stopClock(Date.UTC(2026, 0, 2));
    const headers = { "cf-connecting-ip": "198.51.100.9", "user-agent": IPHONE };
    const { json: tokens } = await world.post("/auth/refresh", { refresh_token }, headers);

    const { json } = await world.call("GET", "/users/me/sessions", { token: tokens.access_token });

    expect(json.sessions).toMatchObject([
      {
        created_at: "2026-01-01T00:00:00.000Z",
        last_used_at: "2026-01-02T00:00:00.000Z",
        expires_at: "2026-01-09T00:00:00.000Z",
        ip: "198.51.100.9",
        device: { browser: "Safari", os: "iOS", type: "mobile" },
      },
    ]);
  });

  it("are the active ones of that user only", async () => {
    const { world, login } = await createWorldWithJane();
    const [own, revoked, expired] = [await login(), await login(), await login()];
    await world.logout({ refresh_token: revoked.refresh_token });
    await expireSession(sidOf(expired.access_token));
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await world.post("/auth/login", { email: "john@example.com", password: PASSWORD });

    const { json } = await world.call("GET", "/users/me/sessions", { token: own.access_token });

    expect(json.sessions.map(({ id }: { id: string }) => id)).toEqual([sidOf(own.access_token)]);
    for (const { access_token: token } of [revoked, expired]) {
      expect((await world.call("GET", "/users/me/sessions", { token })).status).toBe(401);
    }
  });

  it.each([null, "", "x", "\u0001", "Mozilla/5.0 (compatible)", "a".repeat(512)])(
    "are listed with any user agent: %j",
    async (agent) => {
      const { world, login } = await createWorldWithJane();
      const { access_token } = await login();
      await env.DB.prepare("update sessions set user_agent = ?").bind(agent).run();

      const { status, json } = await world.call("GET", "/users/me/sessions", { token: access_token });

      expect(status).toBe(200);
      expect(json.sessions[0].device).toMatchObject({ os: null });
    },
  );

  it.each([
    ["okhttp/4.12.0", "okhttp", null, null],
    ["python-requests/2.31.0", "python-requests", null, null],
    ["curl/8.5.0", "curl", null, null],
    ["Go-http-client/2.0", "Go-http-client", null, null],
    ["Java/17.0.1", "Java", null, null],
    ["Dart/3.2 (dart:io)", "Dart", null, null],
    ["Faraday v2.7.4", "Faraday v2.7.4", null, null],
    ["My%20App/3.2 CFNetwork/1410.0.3 Darwin/22.6.0", "My App", "iOS or macOS", null],
    ["%E5%BE%AE%E4%BF%A1/1.0 CFNetwork/1410.0.3 Darwin/22.6.0", "微信", "iOS or macOS", null],
    ["100%/1.0 (Android 14)", null, "Android", null],
    ["My App/1.0 (com.acme; build:1; iOS 17.0.0) Alamofire/5.8.0", "My App", "iOS", null],
    ["MyApp/1.0 (iPhone; iOS 17.0; Scale/3.00)", "MyApp", "iOS", "mobile"],
    ["Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A)", null, "Android", null],
    ["com.acme.app/12 (Android 13; Pixel 6) okhttp/4.9", "com.acme.app", "Android", null],
    ["<b>App</b>/1.0", null, null, null],
    ["\u202eApp/1.0", null, null, null],
    ["Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18", "Opera", "Windows", "desktop"],
  ])("of an app or tool have a readable device: %s", async (agent, browser, os, type) => {
    const { world, login } = await createWorldWithJane();
    const { access_token } = await login();
    await env.DB.prepare("update sessions set user_agent = ?").bind(agent).run();

    const { json } = await world.call("GET", "/users/me/sessions", { token: access_token });

    expect(json.sessions[0].device).toEqual({ browser, os, type });
  });

  it("are limited to twenty; another login ends the oldest", async () => {
    const { world, login } = await createWorldWithJane();
    const all = [];
    for (let hour = 0; hour < 22; hour++) {
      stopClock(Date.UTC(2026, 0, 1, hour));
      all.push(await login());
    }

    const { json } = await world.call("GET", "/users/me/sessions", { token: all[21].access_token });

    const ids = all.map(({ access_token }) => sidOf(access_token));
    expect(json.sessions.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2).reverse());
    for (const evicted of all.slice(0, 2)) {
      expect((await world.refresh(evicted.refresh_token)).status).toBe(401);
      expect(await env.DENYLIST.get(`sid:${sidOf(evicted.access_token)}`)).not.toBeNull();
    }
  });

  it("all survive a login that opens no session", async () => {
    const { login } = await createWorldWithJane();
    const all = [];
    for (let n = 0; n < 20; n++) all.push(await login());
    let trips = 0;
    const DB = aroundD1(env.DB, async (trip) => {
      if (++trips === 2) await replacePasswords();
      return trip();
    });

    const { status } = await createWorld({ DB }).post("/auth/login", { identifier: "janedoe", password: PASSWORD });

    expect(status).toBe(401);
    for (const { access_token } of all) expect((await createWorld().me(access_token)).status).toBe(200);
  });

  it("keep the new one if a fast clock started the others", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.UTC(2026, 0, 1, 0, 1));
    for (let n = 0; n < 20; n++) await login();
    stopClock(Date.UTC(2026, 0, 1));

    const { access_token } = await login();

    expect((await world.me(access_token)).status).toBe(200);
    const { json } = await world.call("GET", "/users/me/sessions", { token: access_token });
    expect(json.sessions).toHaveLength(20);
  });

  it("stay at twenty when thirty logins race", async () => {
    const { world, login } = await createWorldWithJane({ SCRYPT_ENGINE: "node" });

    const tokens = await atOnce(30, () => login());

    const statuses = await Promise.all(
      tokens.map(async ({ refresh_token }) => (await world.refresh(refresh_token)).status),
    );
    expect(count(statuses, 200)).toBe(20);
  });
});

describe("ending one session", () => {
  const end = (token: string, id: string) => createWorld().call("DELETE", `/users/me/sessions/${id}`, { token });

  it("ends only that session", async () => {
    const { world, login } = await createWorldWithJane();
    const [own, other, third] = [await login(), await login(), await login()];

    expect((await end(own.access_token, sidOf(other.access_token))).status).toBe(204);

    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    expect((await world.me(other.access_token)).status).toBe(401);
    expect(await env.DENYLIST.get(`sid:${sidOf(other.access_token)}`)).not.toBeNull();
    expect((await world.refresh(own.refresh_token)).status).toBe(200);
    expect((await world.refresh(third.refresh_token)).status).toBe(200);
  });

  it("can end the current session", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token, refresh_token } = await login();

    expect((await end(access_token, sidOf(access_token))).status).toBe(204);
    expect((await world.refresh(refresh_token)).status).toBe(401);
    expect((await end(access_token, sidOf(access_token))).status).toBe(401);
  });

  it("answers 404 for another user's, an ended or an unknown session", async () => {
    const { world, login } = await createWorldWithJane();
    const [own, ended] = [await login(), await login()];
    await world.logout({ refresh_token: ended.refresh_token });
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const john = (await world.post("/auth/login", { email: "john@example.com", password: PASSWORD })).json;

    for (const id of [sidOf(john.access_token), sidOf(ended.access_token), crypto.randomUUID(), "x", "%27--"]) {
      const { status, json } = await end(own.access_token, id);
      expect([status, json.code]).toEqual([404, "not_found"]);
    }
    expect((await world.refresh(john.refresh_token)).status).toBe(200);
  });
});

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import document from "../../public/openapi.json" with { type: "json" };
import { documentedRoutes } from "../support/openapi.ts";
import type { RateLimitBinding } from "../support/route.ts";
import { ROUTES, routeOf } from "../support/routes.ts";
import { call } from "../support/rpc.ts";
import { perform, prepare } from "../support/scenarios.ts";
import { createWorld, createWorldWithJane, JSON_TYPE, type World } from "../support/world.ts";

let asked: [RateLimitBinding, string][];

beforeEach(() => {
  asked = [];
});

/** A limiter that allows this number of requests for each key. */
function limiter(name: RateLimitBinding, most: number): RateLimit {
  const counts = new Map<string, number>();
  return {
    async limit({ key }: { key: string }) {
      asked.push([name, key]);
      const n = (counts.get(key) ?? 0) + 1;
      counts.set(key, n);
      return { success: n <= most };
    },
  } as RateLimit;
}

const limiters = (most: number) => ({
  RATE_LIMIT_CREDENTIALS: limiter("RATE_LIMIT_CREDENTIALS", most),
  RATE_LIMIT_MESSAGES: limiter("RATE_LIMIT_MESSAGES", most),
  RATE_LIMIT_REGISTRATION: limiter("RATE_LIMIT_REGISTRATION", most),
  RATE_LIMIT_SITES: limiter("RATE_LIMIT_SITES", 4 * most),
});

/** The header of a form sent by a page of the service. */
const OWN = { "sec-fetch-site": "same-origin" };
const from = (ip: string, more: Record<string, string> = {}) => ({
  ...JSON_TYPE,
  ...OWN,
  "cf-connecting-ip": ip,
  ...more,
});
const login = (world: World, headers: Record<string, string>, path = "/auth/login") =>
  world.send(path, { method: "POST", headers, body: "{}" });

/** The routes that guess, send or create; no other route is limited. */
const LIMITED = Object.keys(ROUTES).filter((name) => routeOf(name).limits);

const SIGNED_IN = /^\/(users\/me|account|auth\/(refresh|logout|change-password)$|session\/renew|sign-out)/;
/** Only clients without a right secret are limited there, see `features/oauth-clients.test.ts`. */
const OF_CLIENTS = ["token", "device_authorization", "revoke", "introspect"].map((path) => `POST /oauth/${path}`);
/** The routes that change something for a signed-in user, or with a refresh token. */
const WRITES = Object.keys(ROUTES).filter((name) => {
  const [, path = ""] = name.split(" ");
  return /^(POST|PATCH|DELETE)/.test(name) && SIGNED_IN.test(path);
});

/** A request of this route from one address, without what a success would need. */
function send(world: World, name: string, init: RequestInit & { headers: Record<string, string> }) {
  const [method = "", path = ""] = name.split(" ");
  const { body, ...others } = init;
  const sent = method === "GET" ? others : { body: body ?? null, ...others };
  return world.send(path.replace(/{\w+}/, "x"), { method, ...sent });
}

describe("the rate limit of an address", () => {
  it.each(Object.keys(ROUTES))("asks the limits of its row on %s", async (name) => {
    await send(createWorld(limiters(99)), name, { headers: { "cf-connecting-ip": "203.0.113.7", ...OWN } });

    expect(asked).toEqual((routeOf(name).limits ?? []).map((limit) => [limit, "203.0.113.7"]));
  });

  it.each(LIMITED)("answers 429 with Retry-After and calls no other binding on %s", async (name) => {
    const world = createWorld(limiters(0));

    const headers = from("203.0.113.7", { authorization: "Bearer x" });
    const answer = await send(world, name, { headers, body: "{}" });

    const { status, json } = answer;
    expect([status, json.code, answer.headers.get("retry-after")]).toEqual([429, "too_many_requests", "60"]);
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });
  });

  it("is documented on each route of the API that has one", () => {
    const paths = document.paths as unknown as Record<string, Record<string, { responses: object }>>;
    const documented = documentedRoutes.filter((name) => {
      const [method = "", path = ""] = name.split(" ");
      return "429" in (paths[path]?.[method.toLowerCase()]?.responses ?? {});
    });

    const limited = new Set([...LIMITED, ...WRITES, ...OF_CLIENTS]);
    expect(documented.sort()).toEqual([...limited].filter((name) => documentedRoutes.includes(name)).sort());
  });

  it("keeps one count for an address and a route, however both are spelled", async () => {
    const world = createWorld(limiters(99));
    const ip = "2001:db8:1:2::1";
    const spellings = [ip, "2001:0DB8:0001:0002:ffff::9", "2001:db8:1:2:0:0:0:5"];

    for (const ip of spellings) await login(world, from(ip, { "x-forwarded-for": `198.51.100.${Math.random()}` }));
    for (const path of ["/api/v1/auth/login", "/auth/%6cogin", "/auth/login/"]) await login(world, from(ip), path);

    expect(new Set(asked.map(([, key]) => key))).toEqual(new Set(["2001:db8:1:2::/64", "credentials 2001:db8:1::/48"]));
    expect(asked).toHaveLength(12);
    for (const path of ["//auth/login", "/auth/login//", "/auth//login", "/AUTH/LOGIN"]) {
      expect((await login(world, from(ip), path)).status).toBe(404);
    }
  });

  it("counts each address by itself", async () => {
    const world = createWorld(limiters(1));
    const statuses = [];
    for (const ip of ["203.0.113.7", "203.0.113.7", "203.0.113.8", "::ffff:203.0.113.8"]) {
      statuses.push((await login(world, from(ip))).status);
    }

    expect(statuses).toEqual([422, 429, 422, 429]);
  });

  it("counts the /64s of an IPv6 /48 together, with a higher limit", async () => {
    const world = createWorld(limiters(2));
    const statuses = [];
    for (let n = 0; n < 10; n++) statuses.push((await login(world, from(`2001:db8:1:${n}::1`))).status);

    expect(statuses).toEqual([...Array(8).fill(422), 429, 429]);
    // A /64 above its own limit does not use up the count of its neighbors.
    for (let n = 0; n < 10; n++) await login(world, from("2001:db8:2:1::1"));
    for (let n = 2; n < 8; n++) expect((await login(world, from(`2001:db8:2:${n}::1`))).status).toBe(422);
    expect((await login(world, from("2001:db8:2:9::1"))).status).toBe(429);
  });

  it("does not limit a request without an address, nor a loopback address in development", async () => {
    const LOCAL = "http://localhost:8787";
    const send = (settings: Partial<Env>, ip?: string) =>
      createWorld({ ...limiters(0), ...settings }).send(`${settings.ISSUER ?? ""}/auth/login`, {
        method: "POST",
        body: "{}",
        headers: { ...JSON_TYPE, ...(ip && { "cf-connecting-ip": ip }) },
      });

    expect((await send({})).status).toBe(422);
    for (const ip of ["127.0.0.1", "::1"]) {
      expect((await send({ ISSUER: LOCAL }, ip)).status).toBe(422);
      expect((await send({}, ip)).status).toBe(429);
    }
  });

  it.each([
    ["fails", { RATE_LIMIT_CREDENTIALS: { limit: () => Promise.reject(new Error("down")) } as unknown as RateLimit }],
    [
      "throws",
      {
        RATE_LIMIT_CREDENTIALS: {
          limit: () => {
            throw new Error("down");
          },
        } as unknown as RateLimit,
      },
    ],
    ["is not bound", { RATE_LIMIT_CREDENTIALS: undefined as unknown as RateLimit }],
  ])("lets requests through and logs an error if the limiter %s", async (_, broken) => {
    const logged: string[] = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));

    expect((await login(createWorld(broken), from("203.0.113.7"))).status).toBe(422);

    expect(logged.map((line) => JSON.parse(line).event)).toEqual(["limiter_failed"]);
  });

  it.each([
    ["/auth/login", 30],
    ["/auth/forgot-password", 10],
    ["/auth/register", 10],
  ])("is enforced by the binding of wrangler.toml on %s", async (path, most) => {
    // If a new minute begins during the test, up to twice as many requests are allowed.
    const world = createWorld({
      RATE_LIMIT_CREDENTIALS: env.RATE_LIMIT_CREDENTIALS,
      RATE_LIMIT_MESSAGES: env.RATE_LIMIT_MESSAGES,
      RATE_LIMIT_REGISTRATION: env.RATE_LIMIT_REGISTRATION,
    });
    // No other test sends requests from it: they share the binding.
    const ip = `192.0.2.${200 + most}`;

    const statuses = [];
    for (let n = 0; n < 2 * most + 1; n++) statuses.push((await login(world, from(ip), path)).status);

    expect(statuses.slice(0, most)).toEqual(Array(most).fill(422));
    expect(statuses).toContain(429);
  });
});

describe("the rate limit of a session", () => {
  it.each(WRITES)("refuses %s before anything is looked up", async (name) => {
    const { scenario } = await prepare(name);
    const world = createWorld({ RATE_LIMIT_SESSIONS: limiter("RATE_LIMIT_SESSIONS", 0) });

    const answer = await perform(world, scenario);

    expect([answer.status, asked.length]).toEqual([429, 1]);
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });
  });

  it.each(["refresh", "logout"])("refuses %s over a service binding", async (method) => {
    const { login } = await createWorldWithJane();
    const { refresh_token } = await login();
    const world = createWorld({ RATE_LIMIT_SESSIONS: limiter("RATE_LIMIT_SESSIONS", 0) });

    expect(await call(world, method, { refresh_token })).toMatchObject({ ok: false, code: "too_many_requests" });
    expect(world.counts.d1).toBe(0);
  });

  it("does not let the tokens of one session use up the count of another", async () => {
    const { world, login } = await createWorldWithJane({ RATE_LIMIT_SESSIONS: limiter("RATE_LIMIT_SESSIONS", 2) });
    const [stolen, own] = [await login(), await login()];
    for (let n = 0; n < 5; n++) await world.logout({ refresh_token: stolen.refresh_token });

    expect((await world.logout({ refresh_token: stolen.refresh_token })).status).toBe(429);
    expect((await world.refresh(own.refresh_token)).status).toBe(200);
    expect((await world.logout({ refresh_token: own.refresh_token })).status).toBe(204);
  });

  it("does not count reads, nor tokens that are not valid", async () => {
    const { world, login } = await createWorldWithJane({ RATE_LIMIT_SESSIONS: limiter("RATE_LIMIT_SESSIONS", 0) });
    const { access_token: token, refresh_token } = await login();

    for (const path of ["/users/me", "/users/me/sessions", "/users/me/events"]) {
      expect((await world.call("GET", path, { token })).status).toBe(200);
    }
    expect((await world.refresh(`${refresh_token}x`)).status).toBe(401);
    expect((await world.call("PATCH", "/users/me", { token: "x.y.z", body: {} })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it("is enforced by the binding of wrangler.toml at 60 writes a minute", async () => {
    const { world, login } = await createWorldWithJane();
    const { access_token: token } = await login();
    const statuses = [];
    for (let n = 0; n < 121; n++) {
      statuses.push((await world.call("PATCH", "/users/me", { token, body: { first_name: "Jane" } })).status);
    }

    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(200));
    expect(statuses).toContain(429);
  });
});

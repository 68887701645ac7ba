import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import document from "../../public/openapi.json" with { type: "json" };
import { site } from "../../src/site.ts";
import { documentedRoutes } from "../support/openapi.ts";
import { createWorld, JSON_TYPE } from "../support/world.ts";

type Name = "RATE_LIMIT_CREDENTIALS" | "RATE_LIMIT_MESSAGES" | "RATE_LIMIT_REGISTRATION";

let asked: [Name, string][];

beforeEach(() => {
  asked = [];
});

/** A limiter that lets so many requests of each key through. */
function limiter(name: Name, most: number): RateLimit {
  const counts = new Map<string, number>();
  return {
    async limit({ key }: { key: string }) {
      asked.push([name, key]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { success: counts.get(key)! <= most };
    },
  } as RateLimit;
}

const limiters = (most: number) => ({
  RATE_LIMIT_CREDENTIALS: limiter("RATE_LIMIT_CREDENTIALS", most),
  RATE_LIMIT_MESSAGES: limiter("RATE_LIMIT_MESSAGES", most),
  RATE_LIMIT_REGISTRATION: limiter("RATE_LIMIT_REGISTRATION", most),
});

/** As a page of ours sends a form. */
const OWN = { "sec-fetch-site": "same-origin" };
const from = (ip: string, more: Record<string, string> = {}) => ({
  ...JSON_TYPE,
  ...OWN,
  "cf-connecting-ip": ip,
  ...more,
});
const login = (world: ReturnType<typeof createWorld>, headers: Record<string, string>, path = "/auth/login") =>
  world.send(path, { method: "POST", headers, body: "{}" });

/** What guesses, sends or creates, and by which limits. The rest neither does nor is limited. */
const LIMITED: Record<string, Name[]> = {
  "POST /auth/register": ["RATE_LIMIT_REGISTRATION"],
  "POST /auth/login": ["RATE_LIMIT_CREDENTIALS"],
  "POST /auth/forgot-password": ["RATE_LIMIT_MESSAGES"],
  "POST /auth/request-reset": ["RATE_LIMIT_MESSAGES"],
  "POST /auth/reset-password": ["RATE_LIMIT_CREDENTIALS"],
  "POST /auth/reset-password/{token}": ["RATE_LIMIT_CREDENTIALS"],
  "POST /auth/verify-reset": ["RATE_LIMIT_CREDENTIALS"],
  "POST /auth/verify": ["RATE_LIMIT_CREDENTIALS"],
  "POST /auth/verify/resend": ["RATE_LIMIT_MESSAGES"],
  "POST /auth/change-password": ["RATE_LIMIT_CREDENTIALS"],
  "POST /users/me/password": ["RATE_LIMIT_CREDENTIALS"],
  "DELETE /users/me": ["RATE_LIMIT_CREDENTIALS"],
  "POST /users/me/email": ["RATE_LIMIT_CREDENTIALS", "RATE_LIMIT_MESSAGES"],
  "POST /users/me/email/confirm": ["RATE_LIMIT_CREDENTIALS"],
  "POST /users/me/phone": ["RATE_LIMIT_CREDENTIALS", "RATE_LIMIT_MESSAGES"],
  "POST /users/me/phone/confirm": ["RATE_LIMIT_CREDENTIALS"],
  "POST /sign-in": ["RATE_LIMIT_CREDENTIALS"],
  "POST /sign-up": ["RATE_LIMIT_REGISTRATION"],
  "POST /verify": ["RATE_LIMIT_CREDENTIALS"],
  "POST /verify/resend": ["RATE_LIMIT_MESSAGES"],
  "POST /forgot-password": ["RATE_LIMIT_MESSAGES"],
  "POST /reset-password": ["RATE_LIMIT_CREDENTIALS"],
  "POST /reset-password/code": ["RATE_LIMIT_CREDENTIALS"],
  "POST /account/password": ["RATE_LIMIT_CREDENTIALS"],
  "POST /account/email": ["RATE_LIMIT_CREDENTIALS", "RATE_LIMIT_MESSAGES"],
  "POST /account/email/confirm": ["RATE_LIMIT_CREDENTIALS"],
  "POST /account/phone": ["RATE_LIMIT_CREDENTIALS", "RATE_LIMIT_MESSAGES"],
  "POST /account/phone/confirm": ["RATE_LIMIT_CREDENTIALS"],
  "POST /account/delete": ["RATE_LIMIT_CREDENTIALS"],
};

const PAGES = new Set(
  site.routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !/pages|:/.test(route)),
);
const ROUTES = [...new Set([...documentedRoutes, ...PAGES])];

describe("a limit for each address", () => {
  it.each(ROUTES)("on %s is that of what it does", async (route) => {
    const [method = "", path = ""] = route.split(" ");
    const world = createWorld(limiters(99));

    await world.send(path.replace("{token}", "x"), { method, headers: { "cf-connecting-ip": "203.0.113.7", ...OWN } });

    expect(asked).toEqual((LIMITED[route] ?? []).map((name) => [name, "203.0.113.7"]));
  });

  it.each(Object.keys(LIMITED))("answers %s 429 beyond it, says when to come back, and does nothing", async (route) => {
    const [method = "", path = ""] = route.split(" ");
    const world = createWorld(limiters(0));

    const headers = from("203.0.113.7", { authorization: "Bearer x" });
    const {
      status,
      json,
      headers: answered,
    } = await world.send(path.replace("{token}", "x"), { method, headers, body: "{}" });

    expect([status, json.code, answered.get("retry-after")]).toEqual([429, "too_many_requests", "60"]);
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });
  });

  it("is named in the API reference wherever it is", () => {
    const paths = document.paths as unknown as Record<string, Record<string, { responses: object }>>;
    const documented = documentedRoutes.filter((route) => {
      const [method = "", path = ""] = route.split(" ");
      return "429" in paths[path]![method.toLowerCase()]!.responses;
    });

    const pages = [...PAGES].filter((route) => route in LIMITED);
    expect([...documented, ...pages].sort()).toEqual(Object.keys(LIMITED).sort());
  });

  it("is one count, whatever the client calls the path or itself", async () => {
    const world = createWorld(limiters(99));
    const same = ["2001:db8:1:2::1", "2001:0DB8:0001:0002:ffff::9", "2001:db8:1:2:0:0:0:5"];

    for (const ip of same) await login(world, from(ip, { "x-forwarded-for": `198.51.100.${Math.random()}` }));
    for (const path of ["/api/v1/auth/login", "/auth/%6cogin"]) await login(world, from(same[0]!), path);

    expect(new Set(asked.map(([, key]) => key))).toEqual(new Set(["2001:db8:1:2::/64"]));
    expect(asked).toHaveLength(5);
    for (const path of ["//auth/login", "/auth/login/", "/auth//login", "/AUTH/LOGIN"]) {
      expect((await login(world, from(same[0]!), path)).status).toBe(404);
    }
  });

  it("is apart for each address", async () => {
    const world = createWorld(limiters(1));
    const statuses = [];
    for (const ip of ["203.0.113.7", "203.0.113.7", "203.0.113.8", "::ffff:203.0.113.8"]) {
      statuses.push((await login(world, from(ip))).status);
    }

    expect(statuses).toEqual([422, 429, 422, 429]);
  });

  it("lets a developer's own machine be, and who has no address", async () => {
    const world = createWorld(limiters(0));

    for (const ip of ["127.0.0.1", "::1"]) expect((await login(world, from(ip))).status).toBe(422);
    expect((await login(world, JSON_TYPE)).status).toBe(422);
    expect(asked).toEqual([]);
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
    ["is not there", { RATE_LIMIT_CREDENTIALS: undefined as unknown as RateLimit }],
  ])("lets everything through, with a line in the log, when the limiter %s", async (_, broken) => {
    const logged: string[] = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));

    expect((await login(createWorld(broken), from("203.0.113.7"))).status).toBe(422);

    expect(logged.map((line) => JSON.parse(line).event)).toEqual(["limiter_failed"]);
  });

  it.each([
    ["/auth/login", 30],
    ["/auth/forgot-password", 10],
    ["/auth/register", 10],
  ])("of wrangler.toml holds at %s", async (path, most) => {
    // A minute may turn meanwhile, so twice as many and one get through at most.
    const world = createWorld({
      RATE_LIMIT_CREDENTIALS: env.RATE_LIMIT_CREDENTIALS,
      RATE_LIMIT_MESSAGES: env.RATE_LIMIT_MESSAGES,
      RATE_LIMIT_REGISTRATION: env.RATE_LIMIT_REGISTRATION,
    });
    const ip = `198.51.100.${most}`;

    const statuses = [];
    for (let n = 0; n < 2 * most + 1; n++) statuses.push((await login(world, from(ip), path)).status);

    expect(statuses.slice(0, most)).toEqual(Array(most).fill(422));
    expect(statuses).toContain(429);
  });
});

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aroundCalls, aroundD1, failingD1, failingKv } from "./support/bindings.ts";
import { guess } from "./support/guesses.ts";
import { recordingMetrics } from "./support/metrics.ts";
import { documentedRoutes } from "./support/openapi.ts";
import { NO_COOLDOWN, outbox, PROVIDERS, script } from "./support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD, WRONG_PASSWORD } from "./support/passwords.ts";
import { bodyOf, routeOf } from "./support/routes.ts";
import { createWorld, createWorldWithJane, JSON_TYPE, unlock } from "./support/world.ts";

let lines: string[];

beforeEach(() => {
  lines = [];
  for (const method of ["log", "info", "debug", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void lines.push(words.map(String).join(" ")));
  }
});

const logged = (event: string) => lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);

describe("the request log", () => {
  it.each([
    ["/health", { route: "/health", status: 200 }],
    ["/api/v1/health?token=canary", { route: "/api/v1/health", status: 200 }],
    ["/reset-password?token=canary", { route: "/reset-password", status: 303 }],
    ["/auth/reset-password/canary", { route: "/*", status: 405, code: "method_not_allowed" }],
    ["/canary", { route: "/*", status: 404, code: "not_found" }],
    ["/users/me?token=canary", { route: "/users/me", status: 401, code: "unauthenticated" }],
  ])("has one line for GET %s", async (path, expected) => {
    await createWorld().get(path, { "cf-ray": "0123456789abcdef-FRA" });

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: "info",
      event: "request",
      method: "GET",
      ms: expect.any(Number),
      ray: "0123456789abcdef",
      ...expected,
    });
  });

  it("names the route instead of a path with a secret, and omits a malformed ray", async () => {
    await createWorld().post("/auth/reset-password/canary", bodyOf("POST /auth/reset-password/{token}"), {
      "cf-ray": "canary",
    });

    expect(JSON.parse(lines[0]!)).toMatchObject({ route: "/auth/reset-password/:token", code: "invalid_token" });
    expect(lines.join()).not.toContain("canary");
  });

  it("has level error if the service failed", async () => {
    await createWorld({ ISSUER: "" }).get("/health");

    expect(logged("request")).toMatchObject([{ level: "error", status: 500, code: "misconfigured" }]);
  });
});

it("logs each security event with the account id only", async () => {
  const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
  const enter = async (password = PASSWORD) =>
    (await world.post("/auth/login", { identifier: "janedoe", password }, { "cf-ray": "0123456789abcdef" })).json;
  const arrived = async () => {
    await world.flush();
    return outbox.last();
  };
  const strict = createWorld({ REFRESH_REUSE_WINDOW_SECONDS: "0" });
  const [first, second] = [await enter(), await enter()];
  const call = async (method: string, path: string, body?: object) => {
    const answer = await world.call(method, path, { token: first.access_token, ...(body && { body }) });
    if (answer.json?.access_token) Object.assign(first, answer.json);
  };

  await guess(world, "nobody");
  await world.post("/auth/verify/resend", { identifier: "janedoe" });
  await world.post("/auth/verify", { identifier: "janedoe", otp: (await arrived()).code });
  await world.post("/auth/verify", { identifier: "janedoe", otp: "000000" });
  await call("POST", "/users/me/email", { email: "new@example.com", password: WRONG_PASSWORD });
  await call("POST", "/users/me/email", { email: "new@example.com", password: PASSWORD });
  await call("POST", "/users/me/email/confirm", { otp: (await arrived()).code });
  await call("POST", "/users/me/phone", { phone: "+12025550177", password: PASSWORD });
  await call("POST", "/users/me/phone/confirm", { otp: (await arrived()).code });
  const third = await enter();
  await call("DELETE", `/users/me/sessions/${JSON.parse(atob(third.access_token.split(".")[1])).sid}`);
  const fourth = await enter();
  await strict.refresh(fourth.refresh_token);
  await strict.refresh(fourth.refresh_token);
  await world.logout({ refresh_token: second.refresh_token });
  await world.logout({ refresh_token: (await enter()).refresh_token });
  await call("POST", "/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD });
  await world.post("/auth/forgot-password", { identifier: "janedoe" });
  const { token } = await arrived();
  await world.post("/auth/reset-password", { token, new_password: PASSWORD });
  for (let n = 0; n < 6; n++) await guess(world);
  await unlock();
  const last = (await enter()).access_token;
  await world.call("DELETE", "/users/me", { token: last, body: { password: PASSWORD } });

  const events = logged("security");
  expect(events.map(({ type }) => type)).toEqual([
    ...["registered", "logged_in", "logged_in", "login_failed", "email_verified", "otp_failed"],
    ...["reauthentication_failed", "email_changed", "phone_changed", "logged_in", "session_revoked"],
    ...["logged_in", "refresh_token_reused", "logged_in", "logged_out", "password_changed", "password_reset"],
    ...[...Array(5).fill("login_failed"), "locked_out", "logged_in", "account_deleted"],
  ]);
  expect(events[1]).toEqual({
    level: "info",
    event: "security",
    type: "logged_in",
    user: jane.id,
    method: "password",
    ray: "0123456789abcdef",
  });
  expect(events.filter(({ user }) => user !== jane.id).map(({ type }) => type)).toEqual(["login_failed"]);
});

/** Replaces every text in a body by a canary that the field still accepts. */
const canaries = (body: Record<string, unknown> = {}) =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      name === "email"
        ? "canary@example.com"
        : name === "phone"
          ? "+12025550166"
          : name === "otp"
            ? "918273"
            : /token|password|name|description|identifier/.test(name)
              ? "canary-horse-9"
              : value,
    ]),
  );

/** An error of other code that quotes what it was given, also as a name and as a stack frame. */
const quoting = () =>
  Promise.reject(Object.assign(new Error("canary\n    at canary (canary.js:1:1)"), { name: "canary horse" }));

describe("the log, and what the metrics have of it,", () => {
  // The real queue would deliver after the end of the test.
  const DEAD_MESSAGES = { send: async () => {} } as unknown as Queue;
  const CANARY = /canary|12025550166|918273|jane\.doe|12025550123|scrypt\$|eyJ|WyJ/i;

  it.each([
    ["all bindings work", {}],
    ["the first D1 call fails", { DB: failingD1(env.DB, 1, "before") }],
    ["the second D1 call fails", { DB: failingD1(env.DB, 2, "after") }],
    ["KV fails", { DENYLIST: failingKv(env.DENYLIST, "put") }],
    [
      "the queue fails",
      {
        MESSAGES: aroundCalls(env.MESSAGES, () => Promise.reject(new Error("queue down"))),
      },
    ],
    ["D1 quotes the request", { DB: aroundD1(env.DB, quoting) }],
    ["KV quotes the request", { DENYLIST: aroundCalls(env.DENYLIST, quoting) }],
    ["the queue quotes the request", { MESSAGES: aroundCalls(env.MESSAGES, quoting) }],
    ["the assets quote the request", { ASSETS: aroundCalls(env.ASSETS, quoting) }],
    ["the limiter quotes the request", { RATE_LIMIT_CREDENTIALS: aroundCalls(env.RATE_LIMIT_CREDENTIALS, quoting) }],
    ["settings are missing", { PEPPER: "canary-pepper", JWT_SIGNING_KEYS: "canary-keys" }],
  ] as [string, Partial<Env>][])("contains no secret, address or client text if %s", async (_, overrides) => {
    const { jane, login: enter } = await createWorldWithJane();
    const token = (await enter()).access_token;
    const { METRICS, points } = recordingMetrics();
    const world = createWorld({ ...PROVIDERS, RESEND_API_KEY: "re_canary", DEAD_MESSAGES, METRICS, ...overrides });
    const pages = overrides.PEPPER ? [] : ["GET /reset-password", "POST /reset-password", "GET /canary"];
    lines.length = 0;
    let requests = 0;

    for (const route of [...documentedRoutes, ...pages]) {
      const [method = "", template = ""] = route.split(" ");
      const path = `${template.replace(/\{\w+\}/, "canary-in-path")}?canary=canary`;
      const headers = {
        ...JSON_TYPE,
        "user-agent": "canary",
        "x-forwarded-for": "canary",
        "accept-language": "canary",
        cookie: "__Host-refresh_token=canary",
        // The one thing of a client that the log names, if it is an origin.
        origin: "https://canary@evil.test",
      };
      const bodies = method === "GET" ? [undefined] : [JSON.stringify(canaries(routeOf(route).body)), '{"canary', "{}"];
      for (const body of bodies) {
        for (const authorization of [`Bearer ${token}`, "Bearer canary"]) {
          await world.send(path, {
            method,
            // Many, so that no limit hides what comes after it.
            headers: { ...headers, authorization, "cf-connecting-ip": `198.18.1.${requests % 250}` },
            ...(body !== undefined && { body }),
          });
          requests++;
        }
      }
    }
    const refusal = JSON.stringify({ name: "canary horse", message: "canary@example.com", statusCode: "canary" });
    await script(...Array.from({ length: 20 }, () => ({ status: 422, body: refusal })));
    await world.deliver([...world.sent, { kind: "A canary", canary: "canary" }, "canary"]);

    expect(logged("request")).toHaveLength(requests);
    expect(lines.filter((line) => CANARY.test(line))).toEqual([]);
    const written = points.map((point) => JSON.stringify(point));
    expect(written.length).toBeGreaterThanOrEqual(requests);
    expect(written.filter((point) => CANARY.test(point) || point.includes(jane.id))).toEqual([]);
  });
});

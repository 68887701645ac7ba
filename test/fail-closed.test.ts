import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { passed, TOKEN, TURNSTILE } from "./support/captcha.ts";
import { guess } from "./support/guesses.ts";
import { NO_COOLDOWN, outbox, received, script } from "./support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "./support/passwords.ts";
import { times } from "./support/race.ts";
import { ROUTES, routeOf } from "./support/routes.ts";
import { call as rpc } from "./support/rpc.ts";
import { createVisitor } from "./support/visitor.ts";
import { type Answer, createWorld, createWorldWithJane, dumpRows, type World } from "./support/world.ts";

const { PROVIDER } = env as Env & { PROVIDER: string };
const DOWN = { status: 503, body: "" };

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

/** The parts of an answer that show that a check did not respond. */
const told = ({ status, headers, json }: Answer) => [status, json?.code, headers.get("retry-after")];
const CLOSED = [503, "check_unavailable", "5"];

describe("without an answer of Turnstile, FAIL_CLOSED=captcha", () => {
  const settings = { ...TURNSTILE, FAIL_CLOSED: "captcha" };
  const GUARDED = [
    ["/auth/register", { email: "john@example.com", password: PASSWORD }],
    ["/auth/forgot-password", { identifier: "janedoe" }],
    ["/auth/request-reset", { identifier: "janedoe" }],
    ["/auth/verify/resend", { identifier: "janedoe" }],
  ] as const;

  it.each(GUARDED)("refuses %s and changes nothing", async (path, body) => {
    await createWorldWithJane();
    const world = createWorld(settings);
    const before = await dumpRows();

    for (const answer of [DOWN, { status: 200, body: '{"success":false,"error-codes":["internal-error"]}' }]) {
      await script(answer);
      expect(told(await world.post(path, { ...body, turnstile_token: TOKEN }))).toEqual(CLOSED);
    }
    const unreachable = createWorld({ ...settings, TURNSTILE_BASE_URL: "http://127.0.0.1:9" });
    expect(told(await unreachable.post(path, { ...body, turnstile_token: TOKEN }))).toEqual(CLOSED);
    expect([await dumpRows(), world.sent, unreachable.sent]).toEqual([before, [], []]);
  });

  it.each(["janedoe", "nobody"])("refuses a suspicious login as %s, and counts no failure", async (identifier) => {
    await createWorldWithJane();
    const world = createWorld(settings);
    await times(3, () => guess(world, identifier));
    const before = await dumpRows();
    await script(DOWN, DOWN);

    const body = { identifier, password: PASSWORD, turnstile_token: TOKEN };
    expect(told(await world.post("/auth/login", body))).toEqual(CLOSED);
    expect(await rpc(world, "login", body)).toMatchObject({ ok: false, code: "check_unavailable" });
    expect(await dumpRows()).toEqual(before);
  });

  it("still asks for a missing token, and accepts a right one", async () => {
    const world = createWorld(settings);

    expect((await world.post("/auth/forgot-password", { identifier: "x" })).json.code).toBe("captcha_required");
    await script(passed({ action: "reset" }));
    expect((await world.post("/auth/forgot-password", { identifier: "x", turnstile_token: TOKEN })).status).toBe(202);
  });

  it("says so on a page, with what was typed", async () => {
    await script(DOWN);

    const fields = { address: "john@example.com", password: PASSWORD, turnstile_token: TOKEN };
    const refused = await createVisitor(createWorld(settings)).post("/sign-up", fields);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(refused.text).toContain("security check right now");
    expect(refused.text).toContain('value="john@example.com"');
  });
});

describe("without an answer of Have I Been Pwned, FAIL_CLOSED=breaches", () => {
  const settings = { HIBP: "on", HIBP_BASE_URL: PROVIDER, FAIL_CLOSED: "breaches" };

  it.each([
    ["that fails", PROVIDER],
    ["that is unreachable", "http://127.0.0.1:9"],
  ])("refuses every new password, and changes nothing, from a service %s", async (_, HIBP_BASE_URL) => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    const token = (await login()).access_token;
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    await world.post("/auth/request-reset", { identifier: "janedoe" });
    await world.flush();
    const [link, code] = await outbox.exactly(2);
    const closed = createWorld({ ...settings, HIBP_BASE_URL });
    const before = await dumpRows();
    const byCode = { identifier: "janedoe", otp: code.code, new_password: FRESH_PASSWORD };

    await script(DOWN, DOWN, DOWN, DOWN);
    for (const [path, body] of [
      ["/auth/register", { email: "john@example.com", password: PASSWORD }],
      ["/users/me/password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
      ["/auth/reset-password", { token: link.token, new_password: FRESH_PASSWORD }],
      ["/auth/verify-reset", byCode],
    ] as const) {
      expect([path, ...told(await closed.call("POST", path, { token, body }))]).toEqual([path, ...CLOSED]);
    }

    expect([await dumpRows(), closed.sent]).toEqual([before, []]);
    expect((await world.post("/auth/verify-reset", byCode)).status).toBe(204);
  });

  it("accepts a password that the service does not know", async () => {
    await script({ status: 200, body: "" });

    const { status } = await createWorld(settings).post("/auth/register", {
      email: "a@example.com",
      password: PASSWORD,
    });
    expect([status, (await received()).length]).toEqual([201, 1]);
  });
});

describe("without an answer of a rate limiter, FAIL_CLOSED=rate_limits", () => {
  const down = { limit: () => Promise.reject(new Error("down")) } as unknown as RateLimit;
  const limiters = { RATE_LIMIT_CREDENTIALS: down, RATE_LIMIT_MESSAGES: down, RATE_LIMIT_REGISTRATION: down };
  const settings = { ...limiters, FAIL_CLOSED: "rate_limits" };
  const from = { "cf-connecting-ip": "203.0.113.7", "sec-fetch-site": "same-origin" };
  const LIMITED = Object.keys(ROUTES).filter((name) => routeOf(name).limits);
  const send = (world: World, name: string, headers: Record<string, string>) => {
    const [method = "", path = ""] = name.split(" ");
    return world.call(method, path.replace(/{\w+}/, "x"), { headers, ...(method !== "GET" && { body: {} }) });
  };

  it.each(LIMITED)("refuses %s and calls no other binding", async (name) => {
    const world = createWorld(settings);

    expect(told(await send(world, name, from))).toEqual(CLOSED);
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });
  });

  it("refuses a call over a service binding that names the address of the user", async () => {
    const body = { identifier: "janedoe", password: PASSWORD };
    const refused = await rpc(createWorld(settings), "login", body, { ip: "203.0.113.7" });

    expect(refused).toMatchObject({ ok: false, code: "check_unavailable" });
  });

  it("answers requests that no limiter counts", async () => {
    const world = createWorld(settings);

    expect((await world.get("/health", from)).status).toBe(200);
  });
});

describe("FAIL_CLOSED", () => {
  const everything = (FAIL_CLOSED: string) =>
    createWorld({
      ...TURNSTILE,
      HIBP: "on",
      HIBP_BASE_URL: PROVIDER,
      RATE_LIMIT_REGISTRATION: { limit: () => Promise.reject(new Error("down")) } as unknown as RateLimit,
      FAIL_CLOSED,
    });
  const register = async (world: World) => {
    await script(DOWN, DOWN);
    const body = { email: "john@example.com", password: PASSWORD, turnstile_token: TOKEN };
    return (await world.post("/auth/register", body, { "cf-connecting-ip": "203.0.113.7" })).status;
  };

  it("is empty by default: registration succeeds although no check answers", async () => {
    expect(await register(everything(""))).toBe(201);
  });

  it.each(["captcha", "breaches", "rate_limits", "captcha, breaches,rate_limits"])(
    "refuses if one of these does not answer: %s",
    async (names) => {
      expect(await register(everything(names))).toBe(503);
    },
  );

  it("closes only what it names", async () => {
    const world = createWorld({ HIBP: "on", HIBP_BASE_URL: PROVIDER, FAIL_CLOSED: "captcha,rate_limits" });
    await script(DOWN);

    expect((await world.post("/auth/register", { email: "john@example.com", password: PASSWORD })).status).toBe(201);
  });
});

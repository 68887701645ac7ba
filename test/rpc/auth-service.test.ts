import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { AuthService } from "../../src/index.ts";
import { aroundCalls, failingD1 } from "../support/bindings.ts";
import { guess } from "../support/guesses.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { times } from "../support/race.ts";
import { bodyOf } from "../support/routes.ts";
import { firstRow } from "../support/rows.ts";
import { call, type Outcome } from "../support/rpc.ts";
import { perform, prepare } from "../support/scenarios.ts";
import { createWorld, createWorldWithJane, dumpTables, restoreTables } from "../support/world.ts";

/** The methods that HTTP has as well, with their routes. */
const DOORS = {
  register: "POST /auth/register",
  login: "POST /auth/login",
  requestLoginCode: "POST /auth/login/request-code",
  loginByCode: "POST /auth/login/code",
  passkeyLogin: "POST /auth/passkeys/login",
  secondFactorOptions: "POST /auth/login/second-factor/options",
  secondFactor: "POST /auth/login/second-factor",
  enrollTotp: "POST /auth/login/enroll/totp",
  confirmTotp: "POST /auth/login/enroll/totp/confirm",
  enrollmentOptions: "POST /auth/login/enroll/passkey/options",
  enrollPasskey: "POST /auth/login/enroll/passkey",
  refresh: "POST /auth/refresh",
  logout: "POST /auth/logout",
  forgotPassword: "POST /auth/forgot-password",
  resetPassword: "POST /auth/reset-password",
  requestReset: "POST /auth/request-reset",
  verifyReset: "POST /auth/verify-reset",
  verifyAddress: "POST /auth/verify",
  resendVerification: "POST /auth/verify/resend",
} as const;
type Method = keyof typeof DOORS;
const METHODS = Object.entries(DOORS) as [Method, string][];

describe("AuthService over a service binding", () => {
  /** Called over a real service binding. */
  const service = (exports as unknown as { AuthService: Record<string, (...args: unknown[]) => Promise<Outcome>> })
    .AuthService;
  const over = (method: string, ...args: unknown[]) => service[method]!(...args);

  it("passes arguments and results across", async () => {
    // Not by `register`: the real queue would deliver into the next tests.
    const { jane } = await createWorldWithJane();
    const tokens = await over("login", { identifier: "janedoe", password: PASSWORD }, { ip: "203.0.113.7" });
    const claims = await over("verify", tokens.value.access_token);
    const request = new Request("https://app.test", {
      headers: { authorization: `Bearer ${tokens.value.access_token}` },
    });

    expect(claims).toMatchObject({ ok: true, value: { sub: jane.id, sid: expect.any(String) } });
    expect(await over("authenticate", request.headers)).toEqual(claims);
    expect(await over("authenticate", request)).toEqual(claims);
    expect(await over("getUser", jane.id)).toEqual({ ok: true, value: jane });
    expect(await over("login", { identifier: "janedoe", password: WRONG_PASSWORD })).toEqual({
      ok: false,
      code: "invalid_credentials",
    });
  });

  it("has only the listed methods", async () => {
    const methods = [
      "verify",
      "authenticate",
      "keys",
      "passkeyOptions",
      "registerOptions",
      "getUser",
      "getUsers",
      "revocations",
      "revokeSession",
      ...Object.keys(DOORS),
    ];
    expect(Object.getOwnPropertyNames(AuthService.prototype).sort()).toEqual(["constructor", ...methods].sort());

    for (const name of ["act", "#act", "_act", "perform", "env", "ctx", "constructor", "fetch", "scheduled", "queue"]) {
      await expect((async () => over(name, {}))(), name).rejects.toThrow();
    }
  });
});

describe("AuthService", () => {
  it.each(METHODS)("%s succeeds with the same effect as %s", async (method, route) => {
    const { scenario } = await prepare(route);
    const start = await dumpTables();
    const byHttp = await perform(createWorld(NO_COOLDOWN), scenario);
    const afterHttp = await dumpTables();
    await restoreTables(start);

    const byRpc = await call(createWorld(NO_COOLDOWN), method, scenario.body);

    expect([byHttp.status < 300, byRpc.ok]).toEqual([true, true]);
    // Over HTTP the device token of a reset is a cookie.
    const body = byHttp.headers.get("set-cookie")?.includes("device_token")
      ? { device_token: "" }
      : (byHttp.json ?? {});
    expect(Object.keys(byRpc.value ?? {})).toEqual(Object.keys(body));
    const rows = Object.fromEntries(Object.entries(await dumpTables()).map(([table, all]) => [table, all.length]));
    expect(rows).toEqual(Object.fromEntries(Object.entries(afterHttp).map(([table, all]) => [table, all.length])));
  });

  it.each(METHODS)("%s refuses the same inputs as %s", async (method, route) => {
    await createWorldWithJane();
    const [verb = "", path = ""] = route.split(" ");
    const good = bodyOf(route);
    const world = createWorld();
    const start = await dumpTables();
    const bad: unknown[] = [
      ...[null, 1, "text", [], [good], true],
      { ...good, unknown_field: 1 },
      ...Object.keys(good).flatMap((name) =>
        [null, 1, "", {}, [], "\0", "\ud800", "x".repeat(20_000)].map((value) => ({ ...good, [name]: value })),
      ),
    ];

    for (const input of bad) {
      const body = JSON.stringify(input);
      const headers = { "content-type": "application/json" };
      const { status, json } = await world.send(path, { method: verb, headers, body });
      const hasEffect = status < 300 || ["invalid_code", "invalid_credentials"].includes(json?.code);
      if (hasEffect) await restoreTables(start);
      const outcome = await call(world, method, input);
      if (hasEffect) await restoreTables(start);
      if (status < 300) expect(outcome.ok, body.slice(0, 100)).toBe(true);
      else expect([outcome.code, outcome.errors], body.slice(0, 100)).toEqual([json.code, json.errors]);
    }
  });

  it("refuses values that JSON cannot hold, and never throws", async () => {
    const world = createWorld();
    const cycle: Record<string, unknown> = {};
    Object.assign(cycle, { cycle });
    for (const method of ["verify", "authenticate", "getUser", "getUsers", "revokeSession", ...Object.keys(DOORS)]) {
      for (const input of [undefined, () => 1, Symbol("x"), 1n, cycle, new Map(), new Date(Number.NaN), Number.NaN]) {
        const { ok, code } = await call(world, method, input);
        expect([method, ok]).toEqual([method, false]);
        expect(["malformed_body", "invalid_request", "unauthenticated", "invalid_refresh_token"]).toContain(code);
      }
    }
    for (const caller of [1, "x", { ip: 1 }, { ip: "unknown" }, { ip: "203.0.113.7, 10.0.0.1" }, { unknown: 1 }]) {
      expect((await call(world, "login", bodyOf("POST /auth/login"), caller)).code).toBe("invalid_request");
    }
  });

  it("refuses a value that is too large before serializing it", async () => {
    const world = createWorld();
    for (const input of ["x".repeat(1e7), { identifier: "\u0001".repeat(1e6) }, Array(1e5).fill(1)]) {
      expect((await call(world, "login", input)).code).toBe("body_too_large");
    }
    expect((await call(world, "login", new Uint8Array(1e7))).code).toBe("malformed_body");
    const headers = new Headers({ authorization: `Bearer ${"x".repeat(20_000)}` });
    expect((await call(world, "authenticate", headers)).code).toBe("unauthenticated");
  });

  it("shares lockouts and rate limits with HTTP", async () => {
    const { world } = await createWorldWithJane();
    for (let n = 0; n < 3; n++) await call(world, "login", { identifier: "janedoe", password: WRONG_PASSWORD });
    await times(2, () => guess(world));
    const blocked = await call(world, "login", { identifier: "janedoe", password: PASSWORD });
    expect(blocked).toEqual({ ok: false, code: "too_many_attempts", retryAfterSeconds: expect.any(Number) });

    const keys: string[] = [];
    const RATE_LIMIT_CREDENTIALS = {
      async limit({ key }: { key: string }) {
        keys.push(key);
        return { success: false };
      },
    } as RateLimit;
    const limited = createWorld({ RATE_LIMIT_CREDENTIALS });
    expect((await call(limited, "login", bodyOf("POST /auth/login"), { ip: "2001:db8::1" })).code).toBe(
      "too_many_requests",
    );
    expect(keys).toEqual(["2001:db8:0:0::/64"]);
  });

  it("records the end user's address, user agent and language", async () => {
    const { world } = await createWorldWithJane();
    const caller = { ip: "203.0.113.7", user_agent: "Notes/1.0", accept_language: "de" };
    await call(world, "login", { identifier: "janedoe", password: PASSWORD }, caller);
    await call(world, "forgotPassword", { identifier: "janedoe" }, caller);

    expect(await firstRow("sessions")).toMatchObject({ ip: "203.0.113.7", user_agent: "Notes/1.0" });
    expect(world.sent).toEqual([expect.objectContaining({ kind: "password-reset-link", locale: "de" })]);
  });

  it.each([
    ["a database failure", { DB: failingD1(env.DB, 1, "before") }, "storage_unavailable"],
    ["missing settings", { ISSUER: "" }, "misconfigured"],
    [
      "an unexpected exception",
      {
        DB: aroundCalls(env.DB, () => {
          throw new Error("canary");
        }),
      },
      "internal_error",
    ],
  ] as [string, Partial<Env>, string][])("returns a failure for %s, and never throws", async (_, overrides, code) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const outcome = await call(createWorld(overrides), "login", bodyOf("POST /auth/login"));

    expect([outcome.ok, outcome.code]).toEqual([false, code]);
    expect(JSON.stringify(outcome)).not.toContain("canary");
    expect(logged).toHaveBeenCalled();
  });
});

import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { passed, TOKEN, TURNSTILE } from "../support/captcha.ts";
import { guess } from "../support/guesses.ts";
import { received, script } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { times } from "../support/race.ts";
import { call as rpc } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

/** Turnstile's secret test keys, by the reason of their answer: invalid token, or used before. */
const REFUSED = {
  "2x0000000000000000000000000000000AA": {
    status: 200,
    body: '{"success":false,"error-codes":["invalid-input-response"]}',
  },
  "3x0000000000000000000000000000000AA": {
    status: 200,
    body: '{"success":false,"error-codes":["timeout-or-duplicate"]}',
  },
};

/** The routes that a captcha protects. */
const GUARDED = [
  ["/auth/register", { email: "john@example.com", password: PASSWORD }, 201, "register"],
  ["/auth/forgot-password", { identifier: "janedoe" }, 202, "reset"],
  ["/auth/request-reset", { identifier: "nobody@example.com" }, 202, "reset"],
  ["/auth/verify/resend", { identifier: "janedoe" }, 202, "verify"],
] as const;

let logged: MockInstance;

beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => {
  expect(JSON.stringify(logged.mock.calls)).not.toMatch(/DUMMY|1x0000/);
});

describe("the captcha", () => {
  it.each(GUARDED)("is required on %s", async (path, body, status, action) => {
    const world = createWorld(TURNSTILE);

    const without = await world.post(path, body);
    expect([without.status, without.json.code]).toEqual([403, "captcha_required"]);
    for (const [secret, answer] of Object.entries(REFUSED)) {
      await script(answer);
      const refused = await createWorld({ ...TURNSTILE, TURNSTILE_SECRET_KEY: secret }).post(path, {
        ...body,
        turnstile_token: TOKEN,
      });
      expect([refused.status, refused.json.code]).toEqual([403, "captcha_required"]);
    }
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });

    await script(passed({ action }));
    expect((await world.post(path, { ...body, turnstile_token: TOKEN })).status).toBe(status);
    const [asked] = await received();
    expect([asked!.path, JSON.parse(asked!.body)]).toEqual([
      "/turnstile/v0/siteverify",
      { secret: TURNSTILE.TURNSTILE_SECRET_KEY, response: TOKEN },
    ]);
  });

  it.each(["janedoe", "nobody"])(
    "is required to log in as %s after three failures, also by form",
    async (identifier) => {
      await createWorldWithJane();
      const world = createWorld(TURNSTILE);
      await times(3, async () => expect((await guess(world, identifier)).json.code).toBe("invalid_credentials"));
      const { d1 } = world.counts;

      expect((await guess(world, identifier)).json.code).toBe("captcha_required");
      expect((await world.form("/auth/login", { username: identifier, password: PASSWORD })).json.code).toBe(
        "captcha_required",
      );
      expect(world.counts.d1 - d1).toBe(2);

      await script(passed({ action: "login" }));
      const fields = { username: identifier, password: PASSWORD, turnstile_token: TOKEN };
      expect((await world.form("/auth/login", fields)).status).toBe(identifier === "janedoe" ? 200 : 400);
    },
  );

  it.each(GUARDED)("accepts on %s only a token for its action", async (path, body, status, action) => {
    const world = createWorld(TURNSTILE);
    const before = await dumpRows();
    const send = () => world.post(path, { ...body, turnstile_token: TOKEN });

    const others = ["register", "login", "reset", "verify", "", undefined, null, action.toUpperCase()];
    for (const other of others.filter((each) => each !== action)) {
      await script(passed({ action: other }));
      expect([other, (await send()).json?.code]).toEqual([other, "captcha_required"]);
    }
    expect([await dumpRows(), world.counts.d1, world.sent]).toEqual([before, 0, []]);

    await script(passed({ action }));
    expect((await send()).status).toBe(status);
  });

  it("accepts at sign-in only a token for its action", async () => {
    await createWorldWithJane();
    const world = createWorld(TURNSTILE);
    await times(3, () => guess(world));
    const send = async (action: string) => {
      await script(passed({ action }));
      const body = { identifier: "janedoe", password: PASSWORD, turnstile_token: TOKEN };
      return (await world.post("/auth/login", body)).status;
    };

    expect([await send("register"), await send("login")]).toEqual([403, 200]);
  });

  it.each([
    ["a.app.test", 202],
    ["app.test", 403],
    ["a.b.app.test", 403],
    ["evilapp.test", 403],
    ["*.app.test", 403],
    ["localhost", 403],
    ["abc", 403],
  ])("judges a token by the pattern of a frontend, and not by an app: %s gets %i", async (hostname, status) => {
    await script(passed({ hostname, action: "reset" }));
    const ALLOWED_ORIGINS = "https://*.app.test:8443,capacitor://localhost,chrome-extension://abc";
    const world = createWorld({ ...TURNSTILE, ALLOWED_ORIGINS });

    const body = { identifier: "janedoe", turnstile_token: TOKEN };
    expect((await world.post("/auth/forgot-password", body)).status).toBe(status);
  });

  it.each([
    ["the issuer", "auth.test", 202],
    ["a frontend", "app.test", 202],
    ["another frontend", "admin.test", 202],
    ["another site", "evil.test", 403],
    ["a subdomain", "www.app.test", 403],
    ["a parent domain", "test", 403],
    ["a name that ends like ours", "evilauth.test", 403],
    ["an unknown host", undefined, 403],
    ["an empty host", "", 403],
  ])("judges a token by its host: %s", async (_, hostname, status) => {
    await script(passed({ hostname, action: "reset" }));

    const body = { identifier: "janedoe", turnstile_token: TOKEN };
    expect((await createWorld(TURNSTILE).post("/auth/forgot-password", body)).status).toBe(status);
  });

  it("accepts an answer of Turnstile's test keys only in development", async () => {
    const testing = passed({
      hostname: "example.com",
      action: undefined,
      metadata: { result_with_testing_key: true },
    });
    const send = async (settings: Partial<Env>) => {
      await script(testing);
      const world = createWorld({ ...TURNSTILE, ...settings });
      return (await rpc(world, "forgotPassword", { identifier: "x", turnstile_token: TOKEN })).ok;
    };

    expect(await send({})).toBe(false);
    expect(await send({ ALLOWED_ORIGINS: "https://example.com" })).toBe(false);
    expect(await send({ ISSUER: "http://localhost:8787" })).toBe(true);
  });

  it("logs that a token is for another host or action, without naming them", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "info").mockImplementation((line: string) => void lines.push(line));
    const world = createWorld(TURNSTILE);
    for (const difference of [{ hostname: "canary.test" }, { action: "canary" }]) {
      await script(passed(difference));
      await world.post("/auth/register", { ...GUARDED[0][1], turnstile_token: TOKEN });
    }

    const mismatches = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "captcha_mismatch");
    expect(mismatches.map(({ mismatch }) => mismatch)).toEqual(["hostname", "action"]);
    expect(lines.join()).not.toContain("canary");
  });

  it.each([
    ["answers 500", { status: 500, body: "" }],
    ["reports an internal error", { status: 200, body: '{"success":false,"error-codes":["internal-error"]}' }],
    ["does not answer", { status: 200, hangs: true as const }],
  ])("accepts everyone and logs an error if Turnstile %s", async (_, answer) => {
    await script(answer);

    const asked = await createWorld(TURNSTILE).post("/auth/forgot-password", {
      identifier: "x",
      turnstile_token: TOKEN,
    });

    expect(asked.status).toBe(202);
    expect(logged.mock.calls.join()).toContain("captcha_unavailable");
  });

  it.each([
    ["a missing success flag", { status: 200, body: "{}" }],
    ["a body that is not JSON", { status: 200, body: "<html>" }],
    ["a redirect", { status: 302, headers: { location: "/" } }],
    ["a 429", { status: 429, body: "" }],
    ["a 413", { status: 413, body: "<html>" }],
    ["a success flag of the wrong type", passed({ success: "true", action: "reset" })],
    ["null", { status: 200, body: "null" }],
    ["error codes of the wrong type", passed({ "error-codes": "x", action: "reset" })],
    ["a malformed token", { status: 400, body: '{"success":false,"error-codes":["invalid-input-response"]}' }],
  ])("refuses if Turnstile answers with %s", async (_, answer) => {
    await script(answer);

    const asked = await createWorld(TURNSTILE).post("/auth/forgot-password", {
      identifier: "x",
      turnstile_token: TOKEN,
    });

    expect(asked.status).toBe(403);
  });

  it("refuses and logs an error if Turnstile rejects the secret key", async () => {
    await script({ status: 400, body: '{"success":false,"error-codes":["invalid-input-secret"]}' });

    const asked = await createWorld(TURNSTILE).post("/auth/forgot-password", {
      identifier: "x",
      turnstile_token: TOKEN,
    });

    expect(asked.status).toBe(403);
    expect(logged.mock.calls.join()).toContain("captcha_misconfigured");
  });

  it("is not checked without a secret key, or before the fourth login", async () => {
    const { world } = await createWorldWithJane();
    await world.post("/auth/forgot-password", { identifier: "janedoe", turnstile_token: TOKEN });
    await logIn(createWorld(TURNSTILE), "janedoe", PASSWORD);

    expect(await received()).toEqual([]);
  });
});

import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { login } from "../support/guesses.ts";
import { received, script } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { times } from "../support/race.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const { PROVIDER } = env as Env & { PROVIDER: string };

/** Turnstile's own keys for tests, and what it answers to each: that the token is good, is none, was used. */
const PASSES = "1x0000000000000000000000000000000AA";
const ANSWERS = {
  [PASSES]: { status: 200, body: '{"success":true,"error-codes":[],"hostname":"example.com"}' },
  "2x0000000000000000000000000000000AA": {
    status: 200,
    body: '{"success":false,"error-codes":["invalid-input-response"]}',
  },
  "3x0000000000000000000000000000000AA": {
    status: 200,
    body: '{"success":false,"error-codes":["timeout-or-duplicate"]}',
  },
};
const TURNSTILE = { TURNSTILE_SECRET_KEY: PASSES, TURNSTILE_BASE_URL: PROVIDER };
const TOKEN = "XXXX.DUMMY.TOKEN.XXXX";

/** What robots must not do by the thousand. */
const GUARDED = [
  ["/auth/register", { email: "john@example.com", password: PASSWORD }, 201],
  ["/auth/forgot-password", { identifier: "janedoe" }, 202],
  ["/auth/request-reset", { identifier: "nobody@example.com" }, 202],
  ["/auth/verify/resend", { identifier: "janedoe" }, 202],
] as const;

let logged: MockInstance;

beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => {
  expect(JSON.stringify(logged.mock.calls)).not.toMatch(/DUMMY|1x0000/);
});

describe("Turnstile", () => {
  it.each(GUARDED)("guards %s", async (path, body, status) => {
    const world = createWorld(TURNSTILE);

    const without = await world.post(path, body);
    expect([without.status, without.json.code]).toEqual([403, "captcha_required"]);
    for (const [secret, answer] of Object.entries(ANSWERS).slice(1)) {
      await script(answer);
      const refused = await createWorld({ ...TURNSTILE, TURNSTILE_SECRET_KEY: secret }).post(path, {
        ...body,
        turnstile_token: TOKEN,
      });
      expect([refused.status, refused.json.code]).toEqual([403, "captcha_required"]);
    }
    expect(world.counts).toEqual({ d1: 0, kv: 0, queue: 0 });

    await script(ANSWERS[PASSES]!);
    expect((await world.post(path, { ...body, turnstile_token: TOKEN })).status).toBe(status);
    const [asked] = await received();
    expect([asked!.path, JSON.parse(asked!.body)]).toEqual([
      "/turnstile/v0/siteverify",
      { secret: PASSES, response: TOKEN },
    ]);
  });

  it.each(["janedoe", "nobody"])("guards the login of %s after three failures, by form too", async (identifier) => {
    await createWorldWithJane();
    const world = createWorld(TURNSTILE);
    await times(3, async () => expect((await login(world, identifier)).json.code).toBe("invalid_credentials"));
    const { d1 } = world.counts;

    expect((await login(world, identifier)).json.code).toBe("captcha_required");
    expect((await world.form("/auth/login", { username: identifier, password: PASSWORD })).status).toBe(403);
    expect(world.counts.d1 - d1).toBe(2);

    await script(ANSWERS[PASSES]!);
    const fields = { username: identifier, password: PASSWORD, turnstile_token: TOKEN };
    expect((await world.form("/auth/login", fields)).status).toBe(identifier === "janedoe" ? 200 : 401);
  });

  it.each([
    ["fails", { status: 500, body: "" }],
    ["fails inside", { status: 200, body: '{"success":false,"error-codes":["internal-error"]}' }],
    ["hangs", { status: 200, hangs: true as const }],
  ])("lets everybody through, and says so in the log, when it %s", async (_, answer) => {
    await script(answer);

    const asked = await createWorld(TURNSTILE).post("/auth/forgot-password", {
      identifier: "x",
      turnstile_token: TOKEN,
    });

    expect(asked.status).toBe(202);
    expect(logged.mock.calls.join()).toContain("captcha_unavailable");
  });

  it.each([
    ["no success", { status: 200, body: "{}" }],
    ["nonsense", { status: 200, body: "<html>" }],
    ["a way elsewhere", { status: 302, headers: { location: "/" } }],
    ["no room", { status: 429, body: "" }],
    ["a body that is too large for it", { status: 413, body: "<html>" }],
    ["a success that is none", { status: 200, body: '{"success":"true"}' }],
    ["a token that cannot be one", { status: 400, body: '{"success":false,"error-codes":["invalid-input-response"]}' }],
  ])("lets nobody through by %s", async (_, answer) => {
    await script(answer);

    const asked = await createWorld(TURNSTILE).post("/auth/forgot-password", {
      identifier: "x",
      turnstile_token: TOKEN,
    });

    expect(asked.status).toBe(403);
  });

  it("lets nobody through by a secret that it does not know, and says so in the log", async () => {
    await script({ status: 400, body: '{"success":false,"error-codes":["invalid-input-secret"]}' });

    const asked = await createWorld(TURNSTILE).post("/auth/forgot-password", {
      identifier: "x",
      turnstile_token: TOKEN,
    });

    expect(asked.status).toBe(403);
    expect(logged.mock.calls.join()).toContain("captcha_misconfigured");
  });

  it("is not asked where it is not set up, nor before the fourth login", async () => {
    const { world } = await createWorldWithJane();
    await world.post("/auth/forgot-password", { identifier: "janedoe", turnstile_token: TOKEN });
    await login(createWorld(TURNSTILE), "janedoe", PASSWORD);

    expect(await received()).toEqual([]);
  });
});

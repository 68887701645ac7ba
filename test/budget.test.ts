import nodeCrypto from "node:crypto";
import { expect, it, vi } from "vitest";
import { inbox, PROVIDERS, script } from "./support/outbox.ts";
import { createWorld, createWorldWithJane, PASSWORD, sidOf } from "./support/world.ts";

/** What an operation may use at most: round trips are the latency, so they are counted, not timed. A revoked session costs
 *  one KV write, after the answer. */
const BUDGET = {
  register: { d1: 1, kv: 0, queue: 1, hashes: 1 },
  "login, success": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "login, rehash": { d1: 3, kv: 0, queue: 0, hashes: 2 },
  "login, failure": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "current user": { d1: 1, kv: 1, queue: 0, hashes: 0 },
  refresh: { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "refresh, theft": { d1: 2, kv: 1, queue: 1, hashes: 0 },
  logout: { d1: 1, kv: 1, queue: 0, hashes: 0 },
  sessions: { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "end a session": { d1: 1, kv: 1, queue: 0, hashes: 0 },
  events: { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "change profile": { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "change password, two other sessions": { d1: 2, kv: 2, queue: 1, hashes: 2 },
  "change password, failure": { d1: 2, kv: 0, queue: 0, hashes: 2 },
  "delete account, two sessions": { d1: 2, kv: 2, queue: 1, hashes: 1 },
  "ask for a message": { d1: 0, kv: 0, queue: 1, hashes: 0 },
  "reset, a session": { d1: 2, kv: 1, queue: 1, hashes: 1 },
  "reset, failure": { d1: 1, kv: 0, queue: 0, hashes: 0 },
  verify: { d1: 2, kv: 0, queue: 0, hashes: 0 },
  "ask for a new address": { d1: 2, kv: 0, queue: 1, hashes: 1 },
  "confirm a new address, a session": { d1: 2, kv: 1, queue: 1, hashes: 0 },
  "everything else": { d1: 0, kv: 0, queue: 0, hashes: 0 },
};

type Operation = [keyof typeof BUDGET, () => Promise<{ status: number }>, number, ReturnType<typeof createWorld>];

async function operations(): Promise<Operation[]> {
  const { world, login } = await createWorldWithJane();
  const rehashing = createWorld({ SCRYPT_PARAMS: "ln=15,r=8,p=3" });
  const { access_token, refresh_token } = await login();
  const [second, third, fourth] = [await login(), await login(), await login()];
  const change = (method: string, path: string, body?: object) => () =>
    world.call(method, path, { token: access_token, body });
  const new_password = "brand-new-horse-8";
  const strict = createWorld({ REFRESH_REUSE_WINDOW_SECONDS: "0" });
  return [
    ["register", () => world.post("/auth/register", { email: "a@example.com", password: PASSWORD }), 201, world],
    ["register", () => world.post("/auth/register", { email: "a@example.com", password: PASSWORD }), 409, world],
    ["login, success", () => world.post("/auth/login", { identifier: "janedoe", password: PASSWORD }), 200, world],
    [
      "login, rehash",
      () => rehashing.post("/auth/login", { identifier: "janedoe", password: PASSWORD }),
      200,
      rehashing,
    ],
    [
      "login, failure",
      () => world.post("/auth/login", { identifier: "janedoe", password: "wrong-horse-7" }),
      401,
      world,
    ],
    ["login, failure", () => world.post("/auth/login", { identifier: "nobody", password: PASSWORD }), 401, world],
    ["current user", () => world.me(access_token), 200, world],
    ["refresh", () => world.refresh(refresh_token), 200, world],
    ["refresh", () => world.refresh(refresh_token), 200, world],
    ["refresh", () => world.refresh(second.refresh_token), 200, world],
    ["refresh, theft", () => strict.refresh(second.refresh_token), 401, strict],
    ["refresh", () => strict.refresh(second.refresh_token), 401, strict],
    ["logout", () => world.logout({ refresh_token: third.refresh_token }), 204, world],
    ["logout", () => world.logout({ refresh_token: third.refresh_token, scope: "global" }), 204, world],
    ["sessions", change("GET", "/users/me/sessions"), 200, world],
    ["end a session", change("DELETE", `/users/me/sessions/${sidOf(fourth.access_token)}`), 204, world],
    ["end a session", change("DELETE", "/users/me/sessions/x"), 404, world],
    ["events", change("GET", "/users/me/events"), 200, world],
    ["change profile", change("PATCH", "/users/me", { username: "jane" }), 200, world],
    ["everything else", () => world.refresh("a.b.c"), 401, world],
    ["everything else", () => world.logout({ refresh_token: "a.b.c" }), 401, world],
    ["everything else", () => world.me("a.b.c"), 401, world],
    ["everything else", () => world.post("/auth/register", { email: "a@example.com" }), 422, world],
    ["everything else", () => world.post("/auth/login", { identifier: "janedoe" }), 422, world],
    ["everything else", () => world.get("/.well-known/jwks.json"), 200, world],
    ["everything else", () => world.get("/health"), 200, world],
    ["everything else", () => world.get("/docs"), 200, world],
    ["everything else", () => world.get("/nowhere"), 404, world],
    [
      "change password, failure",
      change("POST", "/auth/change-password", { old_password: "wrong-horse-7", new_password }),
      401,
      world,
    ],
    [
      "change password, two other sessions",
      change("POST", "/auth/change-password", { old_password: PASSWORD, new_password }),
      204,
      world,
    ],
    ["login, success", () => world.post("/auth/login", { identifier: "jane", password: new_password }), 200, world],
    ["delete account, two sessions", change("DELETE", "/users/me", { password: new_password }), 204, world],
  ];
}

/** Recovery and verification, each by an account of its own that has one session and what was sent to it. */
async function recoveries(): Promise<Operation[]> {
  await script();
  const world = createWorld({ ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "0" });
  const register = async (email: string) => {
    await world.post("/auth/register", { email, password: PASSWORD });
    return (await world.post("/auth/login", { email, password: PASSWORD })).json.access_token;
  };
  const arrived = async () => {
    await world.flush();
    return (await inbox()).at(-1)!;
  };
  const new_password = "brand-new-horse-8";
  const reset = (otp: string) => world.post("/auth/verify-reset", { email: "code@example.com", otp, new_password });
  const verify = (otp: string) => world.post("/auth/verify", { email: "verify@example.com", otp });

  for (const email of ["link@example.com", "code@example.com"]) await register(email);
  const changer = await register("change@example.com");
  await world.post("/auth/login", { email: "change@example.com", password: PASSWORD });
  await world.post("/auth/forgot-password", { email: "link@example.com" });
  const { token } = await arrived();
  await world.post("/auth/request-reset", { email: "code@example.com" });
  const { code: resetCode } = await arrived();
  await world.post("/auth/register", { email: "verify@example.com", password: PASSWORD });
  const { code: verifyCode } = await arrived();
  const asChanger = (path: string, body: object) => world.call("POST", path, { token: changer, body });
  await asChanger("/users/me/email", { email: "new@example.com", password: PASSWORD });
  const { code: changeCode } = await arrived();

  return [
    ["ask for a message", () => world.post("/auth/forgot-password", { email: "link@example.com" }), 202, world],
    ["ask for a message", () => world.post("/auth/request-reset", { email: "nobody@example.com" }), 202, world],
    ["ask for a message", () => world.post("/auth/verify/resend", { email: "link@example.com" }), 202, world],
    ["reset, failure", () => world.post("/auth/reset-password", { token: "x".repeat(43), new_password }), 400, world],
    ["reset, a session", () => world.post("/auth/reset-password", { token, new_password }), 204, world],
    ["reset, failure", () => world.post("/auth/reset-password", { token, new_password }), 400, world],
    ["everything else", () => world.post("/auth/reset-password", { token: "x", new_password }), 400, world],
    ["reset, failure", () => reset("000000"), 400, world],
    ["reset, a session", () => reset(resetCode), 204, world],
    ["verify", () => verify("000000"), 400, world],
    ["verify", () => verify(verifyCode), 204, world],
    [
      "ask for a new address",
      () => asChanger("/users/me/email", { email: "newer@example.com", password: PASSWORD }),
      202,
      world,
    ],
    ["confirm a new address, a session", () => asChanger("/users/me/email/confirm", { otp: changeCode }), 204, world],
    ["everything else", () => world.get("/reset-password?token=x"), 200, world],
  ];
}

it.each([operations, recoveries])("keeps every operation within its round trips (%#)", async (list) => {
  const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
  for (const [name, act, status, world] of await list()) {
    scrypt.mockClear();
    const trips = await world.cost(async () => expect((await act()).status).toBe(status));
    const cost = { ...trips, hashes: scrypt.mock.calls.length };

    for (const [what, most] of Object.entries(BUDGET[name])) {
      expect(cost[what as keyof typeof cost], `${name} (${status}): ${what}`).toBeLessThanOrEqual(most);
    }
  }
});

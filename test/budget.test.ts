import nodeCrypto from "node:crypto";
import { expect, it, vi } from "vitest";
import { createWorld, createWorldWithJane, PASSWORD, sidOf } from "./world.ts";

/** What an operation may use at most: round trips are the latency, so they are counted, not timed. A revoked session costs
 *  one KV write, after the answer. */
const BUDGET = {
  register: { d1: 1, kv: 0, queue: 1, hashes: 1 },
  "login, success": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "login, rehash": { d1: 2, kv: 0, queue: 0, hashes: 2 },
  "login, failure": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "current user": { d1: 1, kv: 1, queue: 0, hashes: 0 },
  refresh: { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "refresh, theft": { d1: 1, kv: 1, queue: 1, hashes: 0 },
  logout: { d1: 1, kv: 1, queue: 0, hashes: 0 },
  sessions: { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "end a session": { d1: 1, kv: 1, queue: 0, hashes: 0 },
  events: { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "change profile": { d1: 1, kv: 0, queue: 0, hashes: 0 },
  "change password, two other sessions": { d1: 2, kv: 2, queue: 1, hashes: 2 },
  "change password, failure": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "delete account, two sessions": { d1: 2, kv: 2, queue: 1, hashes: 1 },
  "everything else": { d1: 0, kv: 0, queue: 0, hashes: 0 },
};

async function operations(): Promise<
  [keyof typeof BUDGET, () => Promise<{ status: number }>, number, ReturnType<typeof createWorld>][]
> {
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

it("keeps every operation within its round trips", async () => {
  const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
  for (const [name, act, status, world] of await operations()) {
    scrypt.mockClear();
    const trips = await world.cost(async () => expect((await act()).status).toBe(status));
    const cost = { ...trips, hashes: scrypt.mock.calls.length };

    for (const [what, most] of Object.entries(BUDGET[name])) {
      expect(cost[what as keyof typeof cost], `${name} (${status}): ${what}`).toBeLessThanOrEqual(most);
    }
  }
});

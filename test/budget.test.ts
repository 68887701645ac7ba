import nodeCrypto from "node:crypto";
import { expect, it, vi } from "vitest";
import { createWorld, createWorldWithJane, PASSWORD } from "./world.ts";

/** What an operation may use at most: round trips are the latency, so they are counted, not timed. */
const BUDGET = {
  register: { d1: 1, kv: 0, queue: 1, hashes: 1 },
  "login, success": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "login, rehash": { d1: 2, kv: 0, queue: 0, hashes: 2 },
  "login, failure": { d1: 2, kv: 0, queue: 0, hashes: 1 },
  "current user": { d1: 1, kv: 1, queue: 0, hashes: 0 },
  "everything else": { d1: 0, kv: 0, queue: 0, hashes: 0 },
};

async function operations(): Promise<
  [keyof typeof BUDGET, () => Promise<{ status: number }>, number, ReturnType<typeof createWorld>][]
> {
  const { world, login } = await createWorldWithJane();
  const rehashing = createWorld({ SCRYPT_PARAMS: "ln=15,r=8,p=3" });
  const { access_token } = await login();
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
    ["everything else", () => world.me("a.b.c"), 401, world],
    ["everything else", () => world.post("/auth/register", { email: "a@example.com" }), 422, world],
    ["everything else", () => world.post("/auth/login", { identifier: "janedoe" }), 422, world],
    ["everything else", () => world.get("/.well-known/jwks.json"), 200, world],
    ["everything else", () => world.get("/health"), 200, world],
    ["everything else", () => world.get("/docs"), 200, world],
    ["everything else", () => world.get("/nowhere"), 404, world],
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

import nodeCrypto from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { fillHashQueue } from "../support/hash-queue.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { atOnce } from "../support/race.ts";
import { createWorld, createWorldWithJane, dumpRows, stopClock } from "../support/world.ts";

let scrypt: MockInstance;
const hashes = () => scrypt.mock.calls.length;

beforeEach(() => {
  scrypt = vi.spyOn(nodeCrypto, "scryptSync");
});

const login = (world: ReturnType<typeof createWorld>) => logIn(world);

const count = (answers: { status: number }[], wanted: number) =>
  answers.filter(({ status }) => status === wanted).length;

describe("hashing", () => {
  it("answers 503 beyond thirty-two waiting requests and completes the others", async () => {
    const { world } = await createWorldWithJane();

    const answers = await atOnce(40, () => login(world));

    expect([count(answers, 200), count(answers, 503)]).toEqual([32, 8]);
    const shed = answers.find(({ status }) => status === 503)!;
    expect([shed.json.code, shed.headers.get("retry-after")]).toEqual(["overloaded", "5"]);
    expect((await login(world)).status).toBe(200);
  });

  it("answers 503 before anything changes on every route that hashes", async () => {
    const { world, login: session } = await createWorldWithJane();
    const token = (await session()).access_token;
    const { crowd, release } = await fillHashQueue(world);
    const before = await dumpRows();

    for (const [method, path, body] of [
      ["POST", "/auth/register", { email: "new@example.com", password: PASSWORD }],
      ["POST", "/auth/login", { identifier: "nobody", password: PASSWORD }],
      ["POST", "/auth/change-password", { old_password: PASSWORD, new_password: FRESH_PASSWORD }],
      ["POST", "/users/me/email", { email: "new@example.com", password: PASSWORD }],
      ["DELETE", "/users/me", { password: PASSWORD }],
    ] as const) {
      const { status, json } = await world.call(method, path, { token, body });
      expect([path, status, json.code]).toEqual([path, 503, "overloaded"]);
    }

    expect(await dumpRows()).toEqual(before);
    release();
    expect(count(await Promise.all(crowd), 200)).toBe(32);
  });

  it("delays a cheap request by at most two hashes", async () => {
    const { world } = await createWorldWithJane();
    const crowd = Array.from({ length: 20 }, () => login(world));
    await vi.waitFor(() => expect(hashes()).toBeGreaterThan(2));

    for (let n = 0; n < 3; n++) {
      const before = hashes();
      expect((await world.get("/health")).status).toBe(200);
      expect(hashes() - before).toBeLessThanOrEqual(2);
      await scheduler.wait(1);
    }

    expect(hashes()).toBeLessThan(20);
    expect(count(await Promise.all(crowd), 200)).toBe(20);
  });

  it("completes a login even if its rehash is rejected", async () => {
    const { world } = await createWorldWithJane();
    const rehashing = createWorld({ SCRYPT_PARAMS: "ln=15,r=8,p=3" });

    const answers = await atOnce(40, (n) => login(n % 2 ? world : rehashing));

    expect(count(answers, 200) + count(answers, 503)).toBe(40);
    expect(count(answers, 200)).toBeGreaterThanOrEqual(32);
  });
});

describe("a cancelled request that waits to hash", () => {
  afterEach(async () => {
    // Frees the places that a test left taken.
    stopClock(Date.now() + 60_000);
    await login(createWorld());
  });

  it("does not block others", async () => {
    const { world } = await createWorldWithJane();
    const wait = vi.spyOn(scheduler, "wait").mockReturnValueOnce(new Promise(() => {}));
    void login(world);
    await vi.waitFor(() => expect(wait).toHaveBeenCalled());

    expect(count(await atOnce(5, () => login(world)), 200)).toBe(5);
  });

  it("frees its place after two seconds", async () => {
    const { world } = await createWorldWithJane();
    const start = Date.now();
    stopClock(start);
    await fillHashQueue(world);

    stopClock(start + 2000);
    expect((await login(world)).status).toBe(503);
    stopClock(start + 2001);
    expect((await login(world)).status).toBe(200);
  });
});

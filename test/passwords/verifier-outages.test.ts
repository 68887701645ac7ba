import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PasswordVerifier } from "../../src/passwords/foreign-hashes.ts";
import { ABC_PASSWORD } from "../support/foreign-hashes.ts";
import { importPasswords, importUser } from "../support/imported-users.ts";
import { FRESH_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

describe("a password verifier that", () => {
  /** Stands for a Worker that is down, hangs, or is of another version. */
  const BROKEN: [string, object][] = [
    ["throws", { verify: () => Promise.reject(new Error(`The Worker is down: ${ABC_PASSWORD}`)) }],
    [
      "throws at once",
      {
        verify: () => {
          throw new TypeError("no");
        },
      },
    ],
    ["has no such method", {}],
    ["answers yes in other words", { verify: async () => "yes" }],
    ["answers a number", { verify: async () => 1 }],
    ["answers an object", { verify: async () => ({ ok: true, value: true }) }],
    ["answers nothing", { verify: async () => undefined }],
    ["hangs", { verify: () => new Promise(() => {}) }],
  ];
  let errors: string[];

  beforeEach(() => {
    errors = [];
    vi.spyOn(console, "error").mockImplementation((line) => void errors.push(line));
    // The timeout, not the pauses of the queue.
    const wait = scheduler.wait.bind(scheduler);
    vi.spyOn(scheduler, "wait").mockImplementation((ms, options) => wait(ms > 10_000 ? 50 : ms, options));
  });

  it.each(BROKEN)("%s opens no session, counts no guess and harms nobody else", async (_, broken) => {
    const { world: own } = await createWorldWithJane();
    const token = (await logIn(own)).json.access_token;
    await importUser("ida");
    const world = createWorld({ PASSWORD_VERIFIER: broken as PasswordVerifier });
    const before = await dumpRows();

    for (let n = 0; n < 6; n++) {
      const { status, json, headers } = await logIn(world, "ida", ABC_PASSWORD);
      expect([status, json.code, headers.get("retry-after")]).toEqual([503, "check_unavailable", "5"]);
    }
    expect(await dumpRows()).toEqual(before);
    expect(JSON.parse(errors[0]!)).toMatchObject({ level: "error", event: "password_verifier_failed" });
    expect(errors.join()).not.toContain(ABC_PASSWORD);
    expect((await logIn(own)).status).toBe(200);

    await importPasswords();
    const changes = await dumpRows();
    for (const [method, path, body] of [
      ["POST", "/users/me/reauthenticate", {}],
      ["POST", "/users/me/email", { email: "new@example.com" }],
      ["DELETE", "/users/me", {}],
    ] as const) {
      const answer = await world.call(method, path, { token, body: { ...body, password: ABC_PASSWORD } });
      expect([path, answer.status, answer.json.code]).toEqual([path, 503, "check_unavailable"]);
    }
    const change = { current_password: ABC_PASSWORD, new_password: FRESH_PASSWORD };
    expect((await world.call("POST", "/users/me/password", { token, body: change })).status).toBe(503);
    expect(await dumpRows()).toEqual(changes);
  });

  it("is overloaded makes the answer 503 overloaded", async () => {
    await importUser("ida");
    const world = createWorld({ PASSWORD_VERIFIER: { verify: async () => "overloaded" } });

    const { status, json } = await logIn(world, "ida", ABC_PASSWORD);

    expect([status, json.code, errors.filter((line) => line.includes("verifier"))]).toEqual([503, "overloaded", []]);
  });
});

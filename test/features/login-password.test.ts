import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { race } from "../support/race.ts";
import { passwordHashes, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, DEFAULT_SCRYPT } from "../support/world.ts";

it("login refuses a password of 257 characters, in JSON and in a form", async () => {
  const { world } = await createWorldWithJane();
  const fields = { username: "janedoe", password: "x".repeat(257) };

  expect((await world.form("/auth/login", fields)).status).toBe(400);
  expect((await world.post("/auth/login", fields)).status).toBe(422);
});

it("login verifies a hash of one scrypt engine with the other", async () => {
  await createWorldWithJane({ SCRYPT_ENGINE: "noble" });
  const native = vi.spyOn(nodeCrypto, "scryptSync");

  for (const [SCRYPT_ENGINE, calls] of [
    ["noble", 0],
    ["node", 1],
  ] as const) {
    const { status } = await createWorld({ SCRYPT_ENGINE }).post("/auth/login", {
      identifier: "janedoe",
      password: PASSWORD,
    });
    expect([status, native.mock.calls.length]).toEqual([200, calls]);
  }
});

describe("after a change of the scrypt parameters", () => {
  const former = { SCRYPT_PARAMS: "ln=14,r=8,p=5" };
  const stored = async () => (await passwordHashes())[0];

  it("the next login replaces the hash, and later ones do not", async () => {
    await createWorldWithJane(former);
    const upgraded = createWorld(DEFAULT_SCRYPT);
    const login = () => logIn(upgraded);
    expect(await stored()).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);

    expect((await login()).status).toBe(200);
    const rehashed = await stored();
    expect(rehashed).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);

    expect((await login()).status).toBe(200);
    expect(await stored()).toBe(rehashed);
  });

  it("a login with a wrong password leaves the hash unchanged", async () => {
    await createWorldWithJane();
    const before = await stored();

    await createWorld(DEFAULT_SCRYPT).post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD });

    expect(await stored()).toBe(before);
  });

  it("all racing logins succeed", async () => {
    await createWorldWithJane();
    const upgraded = createWorld(DEFAULT_SCRYPT);

    const statuses = await race(5, () => logIn(upgraded));

    expect(statuses).toEqual(Array(5).fill(200));
    expect(await rowCount("sessions")).toBe(5);
  });
});

import nodeCrypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { atOnce } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane, DEFAULT_SCRYPT } from "../support/world.ts";

it("refuses a password past its bound before it is hashed, in the form too", async () => {
  const { world } = await createWorldWithJane();
  const fields = { username: "janedoe", password: "x".repeat(257) };

  expect((await world.form("/auth/login", fields)).status).toBe(422);
  expect((await world.post("/auth/login", fields)).status).toBe(422);
});

it("lets users in by the engine that is the default, and by the other", async () => {
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

describe("when the scrypt parameters have changed", () => {
  const stronger = { SCRYPT_PARAMS: "ln=15,r=8,p=3" };
  const stored = (world: ReturnType<typeof createWorld>) =>
    world.env.DB.prepare("select hash from passwords").first<string>("hash");

  it("rehashes at the next login and not again", async () => {
    const { world } = await createWorldWithJane(DEFAULT_SCRYPT);
    const upgraded = createWorld(stronger);
    const login = () => upgraded.post("/auth/login", { identifier: "janedoe", password: PASSWORD });
    expect(await stored(world)).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);

    expect((await login()).status).toBe(200);
    const rehashed = await stored(world);
    expect(rehashed).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);

    expect((await login()).status).toBe(200);
    expect(await stored(world)).toBe(rehashed);
  });

  it("leaves the hash alone when the password is wrong", async () => {
    const { world } = await createWorldWithJane();
    const before = await stored(world);

    await createWorld(stronger).post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD });

    expect(await stored(world)).toBe(before);
  });

  it("lets every one of racing logins in", async () => {
    await createWorldWithJane();
    const upgraded = createWorld(stronger);

    const answers = await atOnce(5, () => upgraded.post("/auth/login", { identifier: "janedoe", password: PASSWORD }));

    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(await rowCount("sessions")).toBe(5);
  });
});

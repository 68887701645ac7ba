import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { passkeySignUp } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { eventTypes, rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, stopClock, type World } from "../support/world.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

/** Runs the schedule on this day, in the minute in which it examines the account. */
async function examine(world: World, id: string, day: number) {
  const minute = Math.floor((Number.parseInt(id.slice(0, 8), 16) / 2 ** 32) * 1440);
  stopClock(START + day * DAY + minute * 60_000);
  await world.schedule();
}

/** Jane, who registered on the first day and verified nothing. */
async function registered(settings: Partial<Env> = {}) {
  stopClock(START);
  const { world, jane, login } = await createWorldWithJane(settings);
  return { world, id: jane.id as string, login, isThere: async () => (await rowCount("users")) === 1 };
}

const change = (sql: string) => env.DB.exec(`update users set ${sql}`);

describe("an account that never verified an address", () => {
  it("is deleted once a month has passed without use, and its identifiers are free", async () => {
    const { world, id, isThere } = await registered();

    await examine(world, id, 29);
    expect(await isThere()).toBe(true);
    await examine(world, id, 31);

    expect(await isThere()).toBe(false);
    expect([await rowCount("passwords"), await eventTypes()]).toEqual([0, ["account_deleted"]]);
    const again = { email: "jane.doe@example.com", phone: "+12025550123", username: "janedoe", password: PASSWORD };
    expect((await world.post("/auth/register", again)).status).toBe(201);
  });

  it("is deleted too if it was registered with a passkey", async () => {
    stopClock(START);
    const world = createWorld();
    const { body } = await passkeySignUp(world, { email: "john@example.com" });
    const { id } = (await world.post("/auth/register", body)).json;

    await examine(world, id, 31);

    expect([await rowCount("users"), await rowCount("passkeys"), await rowCount("recovery_codes")]).toEqual([0, 0, 0]);
  });

  it("is examined in one minute of the day only", async () => {
    const { world, id, isThere } = await registered();
    const minute = Math.floor((Number.parseInt(id.slice(0, 8), 16) / 2 ** 32) * 1440);

    stopClock(START + 31 * DAY + ((minute + 720) % 1440) * 60_000);
    await world.schedule();

    expect(await isThere()).toBe(true);
  });

  it("ends the session that was left open, at the edge too", async () => {
    const { world, id, login, isThere } = await registered({
      REFRESH_TOKEN_TTL_SECONDS: "34560000",
      SESSION_MAX_AGE_SECONDS: "34560000",
    });
    const { refresh_token } = await login();
    const [session] = await rows("sessions");

    await examine(world, id, 31);

    expect(await isThere()).toBe(false);
    expect(await env.DENYLIST.get(`sid:${session.id}`)).not.toBeNull();
    expect((await world.refresh(refresh_token)).status).toBe(401);
  });

  it("stays while one of its sessions is used", async () => {
    const { world, id, login, isThere } = await registered();
    let { refresh_token } = await login();
    for (let day = 5; day <= 25; day += 5) {
      stopClock(START + day * DAY);
      refresh_token = (await world.refresh(refresh_token)).json.refresh_token;
    }

    await examine(world, id, 54);
    expect(await isThere()).toBe(true);
    await examine(world, id, 57);
    expect(await isThere()).toBe(false);
  });

  it("stays while a session is used that was opened later", async () => {
    const { world, id, login, isThere } = await registered();
    stopClock(START + 25 * DAY);
    await login();

    await examine(world, id, 54);
    expect(await isThere()).toBe(true);
    await examine(world, id, 56);
    expect(await isThere()).toBe(false);
  });

  it("stays for a month after the end of its last session, which was purged long before", async () => {
    const { world, id, login, isThere } = await registered();
    stopClock(START + 20 * DAY);
    await world.logout({ refresh_token: (await login()).refresh_token });
    stopClock(START + 21 * DAY);
    await world.schedule();
    expect(await rowCount("sessions")).toBe(0);

    await examine(world, id, 49);
    expect(await isThere()).toBe(true);
    await examine(world, id, 51);
    expect(await isThere()).toBe(false);
  });

  it.each([
    ["has a verified email address", "email_verified_at = 1"],
    ["has a verified phone number", "phone_verified_at = 1"],
    ["has a role", `roles = '["editor"]'`],
    ["is disabled", "disabled_at = 1"],
  ])("stays if it %s", async (_, sql) => {
    const { world, id, isThere } = await registered();
    await change(sql);

    await examine(world, id, 400);

    expect(await isThere()).toBe(true);
  });

  it("stays if an administrator created it", async () => {
    const { world, isThere } = await registered();
    await env.DB.exec("delete from users");
    const { value } = await administer(world, "createUser", { email: "jane.doe@example.com" });

    await examine(world, value.id, 400);

    expect(await isThere()).toBe(true);
  });

  it("stays if UNVERIFIED_ACCOUNT_DAYS is 0", async () => {
    const { world, id, isThere } = await registered({ UNVERIFIED_ACCOUNT_DAYS: "0" });

    await examine(world, id, 400);

    expect(await isThere()).toBe(true);
    expect((await logIn(world)).status).toBe(200);
  });

  it("is deleted however many there are", async () => {
    const { world, id } = await registered();
    const twin =
      "insert into users (id, email, created_at, updated_at) select ? || key, 'x' || key, ?, 0 from json_each(?)";
    await env.DB.prepare(twin)
      .bind(`${id.slice(0, 13)}-`, START, JSON.stringify(Array(350).fill(0)))
      .run();
    await env.DB.exec("insert or ignore into passwords select id, 'x' from users");

    await examine(world, id, 31);

    expect(await rowCount("users")).toBe(0);
    expect((await rows("audit_events")).filter(({ type }) => type === "account_deleted")).toHaveLength(351);
  });
});

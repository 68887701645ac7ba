import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aroundD1 } from "./support/bindings.ts";
import { rowCount } from "./support/rows.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "./support/world.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

let logged: string[];

beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
});

const outbox = (count: number, revokedAt: number, expiresAt: number) =>
  env.DB.prepare("insert into denylist_outbox select 'sid-' || key, ?, ? from json_each(?)")
    .bind(revokedAt, expiresAt, JSON.stringify(Array(count).fill(0)))
    .run();

describe("the schedule", () => {
  it("repeats the denylist write of every revocation", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.now());
    const { access_token, refresh_token } = await login();
    await world.logout({ refresh_token });
    await env.DENYLIST.delete(`sid:${sidOf(access_token)}`);

    stopClock(Date.now() + 60_000);
    await world.schedule();

    expect(await env.DENYLIST.get(`sid:${sidOf(access_token)}`)).not.toBeNull();
    expect(await rowCount("denylist_outbox")).toBe(0);
  });

  it("does not repeat a denylist write that is seconds old", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.now());
    await world.logout({ refresh_token: (await login()).refresh_token });

    const { kv } = await world.cost(() => world.schedule());

    expect([kv, await rowCount("denylist_outbox")]).toEqual([0, 1]);
  });

  it("writes at most 800 denylist entries a run, and drops expired ones", async () => {
    await outbox(1000, START, START + DAY);
    stopClock(START + DAY / 2);
    const world = createWorld();

    expect((await world.cost(() => world.schedule())).kv).toBe(800);
    expect(await rowCount("denylist_outbox")).toBe(200);
    stopClock(START + DAY);
    expect((await world.cost(() => world.schedule())).kv).toBe(0);
    expect(await rowCount("denylist_outbox")).toBe(0);
  });

  it("purges sessions past their maximum age in batches, and keeps active ones", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(START);
    const { refresh_token } = await login();
    await env.DB.prepare(
      "insert into sessions (id, user_id, created_at, last_used_at, expires_at) select 'old-' || key, users.id, ?, 0, ? from users, json_each(?)",
    )
      .bind(START - 30 * DAY, START, JSON.stringify(Array(1500).fill(0)))
      .run();

    stopClock(START + 1000);
    await world.schedule();
    expect(await rowCount("sessions")).toBe(501);
    await world.schedule();
    expect(await rowCount("sessions")).toBe(1);
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });

  it("purges events past their retention in batches", async () => {
    const world = createWorld();
    await env.DB.prepare("insert into audit_events (type, created_at) select 'login_failed', ? - key from json_each(?)")
      .bind(START, JSON.stringify(Array(1500).fill(0)))
      .run();

    stopClock(START + 90 * DAY);
    await world.schedule();
    expect(await rowCount("audit_events")).toBe(500);
    await world.schedule();
    expect(await rowCount("audit_events")).toBe(1);
  });

  it("purges dead messages with the events of their time", async () => {
    await env.DB.exec(`insert into dead_messages values ('old', '{}', ${START - 1}), ('new', '{}', ${START})`);

    stopClock(START + 90 * DAY);
    await createWorld().schedule();

    expect(await rowCount("dead_messages")).toBe(1);
  });

  it("runs the other tasks if one fails, and reports the failure", async () => {
    await outbox(1, START, START + DAY);
    await env.DB.exec(`insert into audit_events (type, created_at) values ('login_failed', ${START})`);
    stopClock(START + 100 * DAY);
    let trips = 0;
    const DB = aroundD1(env.DB, async (trip) => {
      if (++trips === 1) throw new Error("D1_ERROR: canary");
      return trip();
    });

    await expect(createWorld({ DB }).schedule()).rejects.toThrow("maintenance failed");

    expect(await rowCount("audit_events")).toBe(0);
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0]!)).toMatchObject({ event: "maintenance_failed" });
  });

  it("names missing settings", async () => {
    await expect(createWorld({ ISSUER: "" }).schedule()).rejects.toThrow("misconfigured");

    expect(logged.join()).toContain("ISSUER");
  });
});

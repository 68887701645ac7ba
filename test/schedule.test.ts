import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aroundD1 } from "./support/bindings.ts";
import { rowCount, rows, waitingDenials } from "./support/rows.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "./support/world.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

let logged: string[];

beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
});

const outbox = (count: number, revokedAt: number, expiresAt: number) =>
  env.DB.prepare(
    "insert into denylist_outbox (session_id, revoked_at, expires_at) select 'sid-' || key, ?, ? from json_each(?)",
  )
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
    expect(await waitingDenials()).toBe(0);
  });

  it("does not repeat a denylist write that is seconds old", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(Date.now());
    await world.logout({ refresh_token: (await login()).refresh_token });

    const { kv } = await world.cost(() => world.schedule());

    expect([kv, await waitingDenials()]).toEqual([0, 1]);
  });

  it("writes at most 800 denylist entries a run, and skips expired ones", async () => {
    await outbox(1000, START, START + 120_000);
    stopClock(START + 60_000);
    const world = createWorld();

    expect((await world.cost(() => world.schedule())).kv).toBe(800);
    expect(await waitingDenials()).toBe(200);
    stopClock(START + 120_000);
    expect((await world.cost(() => world.schedule())).kv).toBe(0);
    expect(await waitingDenials()).toBe(0);
  });

  it("purges expired sessions past their maximum age, and keeps active ones", async () => {
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
    expect(await rowCount("sessions")).toBe(1);
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });

  it("purges a session once the access tokens from before its end have expired", async () => {
    stopClock(START);
    const { world, login } = await createWorldWithJane();
    const [first, second] = [await login(), await login()];
    await world.logout({ refresh_token: first.refresh_token });

    stopClock(START + 900_000);
    await world.schedule();
    expect(await rowCount("sessions")).toBe(2);
    stopClock(START + 900_001);
    await world.schedule();
    expect(await rowCount("sessions")).toBe(1);

    // As before: the session has ended, and the token is useless.
    expect((await world.logout({ refresh_token: first.refresh_token })).status).toBe(204);
    expect((await world.refresh(first.refresh_token)).json.code).toBe("invalid_refresh_token");
    expect((await world.refresh(second.refresh_token)).status).toBe(200);
  });

  it("drops denylist entries that no access token needs anymore, however many there are", async () => {
    await outbox(5000, START, START + DAY);
    const denied = vi.fn(() => Promise.reject(new Error("KV: 503 Service Unavailable")));

    stopClock(START + 960_001);
    await createWorld({ DENYLIST: { ...env.DENYLIST, put: denied } as unknown as KVNamespace }).schedule();

    expect(denied).toHaveBeenCalled();
    expect(await rowCount("denylist_outbox")).toBe(0);
  });

  const events = (count: number, userId: string | null = null) =>
    env.DB.prepare(
      "insert into audit_events (type, created_at, user_id) select 'login_failed', ? - key, ? from json_each(?)",
    )
      .bind(START, userId, JSON.stringify(Array(count).fill(0)))
      .run();
  const lockouts = (count: number) =>
    env.DB.prepare(
      "insert into lockouts (subject, failures, last_failed_at, locked_until) select 'x' || key, 1, ?, 0 from json_each(?)",
    )
      .bind(START, JSON.stringify(Array(count).fill(0)))
      .run();

  it("purges events past their retention in batches, until nothing is left", async () => {
    await events(4500);

    stopClock(START + 8 * DAY);
    const { d1 } = await createWorld().cost(() => createWorld().schedule());
    expect(await rowCount("audit_events")).toBe(0);
    expect(d1).toBeLessThan(30);
  });

  it("stops purging after 20 seconds, and until then lets every purge take turns", async () => {
    await events(15_500);
    await lockouts(15_500);
    stopClock(START + 8 * DAY);
    // Each statement of the purges takes half a second.
    const DB = aroundD1(env.DB, async (trip, [statement]) => {
      if (statement?.sql.includes("rowid")) vi.setSystemTime(Date.now() + 500);
      return trip();
    });

    const world = createWorld({ DB });
    await world.schedule();
    const left = [await rowCount("audit_events"), await rowCount("lockouts")];
    expect(left).toEqual([2500, 2500]);
    await world.schedule();
    expect([await rowCount("audit_events"), await rowCount("lockouts")]).toEqual([0, 0]);
  });

  it("makes at most 90 trips to purge, and goes on in the next run", async () => {
    for (let n = 0; n < 10; n++) await events(9500);
    stopClock(START + 8 * DAY);
    const world = createWorld();

    const { d1 } = await world.cost(() => world.schedule());
    expect(d1).toBeLessThanOrEqual(90 + 3);
    expect(await rowCount("audit_events")).toBeGreaterThan(0);
    await world.schedule();
    expect(await rowCount("audit_events")).toBe(0);
  });

  it("keeps the lockouts of accounts, devices and sessions however many others there are", async () => {
    const account = "01234567-89ab-4def-8123-456789abcdef";
    const subjects = [account, `${account}/device/d`, `${account}/session/s`, `${account}/network/n`, "unknown"];
    const values = [...subjects, "newest"].map(
      (subject, n) => `('${subject}', 1, ${START}, 0, ${n < 5 ? n : 200_005})`,
    );
    await env.DB.exec(`insert into lockouts (subject, failures, last_failed_at, locked_until, rowid) values ${values}`);

    stopClock(START);
    await createWorld().schedule();

    const kept = (await rows("lockouts")).map(({ subject }) => subject);
    expect(kept).toEqual([...subjects.slice(0, 3), "newest"]);
  });

  it("keeps the newest 10,000 dead messages and 200,000 lockouts", async () => {
    await env.DB.exec(
      `insert into dead_messages (id, body, created_at, rowid) values ('1', '{}', ${START}, 1), ('2', '{}', ${START}, 2), ('n', '{}', ${START}, 10001)`,
    );
    await env.DB.exec(
      `insert into lockouts (subject, failures, last_failed_at, locked_until, rowid) values ('1', 1, ${START}, 0, 1), ('2', 1, ${START}, 0, 2), ('n', 1, ${START}, 0, 200001)`,
    );

    stopClock(START);
    await createWorld().schedule();

    expect((await rows("dead_messages")).map(({ id }) => id)).toEqual(["2", "n"]);
    expect((await rows("lockouts")).map(({ subject }) => subject)).toEqual(["2", "n"]);
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

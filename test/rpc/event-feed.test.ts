import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventFeed, FeedEvent } from "../../src/contract/events.ts";
import { reset } from "../support/migrate.ts";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { atOnce } from "../support/race.ts";
import { rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, stopClock, type World } from "../support/world.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

async function read(world: { env: Env }, query: object = {}): Promise<EventFeed> {
  const { ok, value } = await administer(world, "listAllEvents", query);
  expect(ok).toBe(true);
  return value;
}

/** A reader that continues where it stopped. */
function createReader(world: World, limit = 3) {
  const seen: FeedEvent[] = [];
  let next: string | undefined;
  let turn = Promise.resolve();

  async function readOn() {
    for (let more = true; more; ) {
      const page = await read(world, { since: next, limit });
      seen.push(...page.events);
      ({ next, more } = page);
    }
  }
  return {
    seen,
    /** Reads on once at a time. Returns the types of all that it has seen. */
    async catchUp() {
      turn = turn.then(readOn);
      await turn;
      return seen.map(({ type }) => type);
    },
  };
}

const cursorsOf = (events: FeedEvent[]) => events.map(({ cursor }) => Number(cursor));
const isIncreasing = (numbers: number[]) => numbers.every((n, place) => place === 0 || n > numbers[place - 1]!);

describe("the feed of events", () => {
  it("lists the events of all users, oldest first, page by page", async () => {
    stopClock(START);
    const { world, jane, login } = await createWorldWithJane();
    const { json: john } = await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    stopClock(START + DAY);
    await login({ "cf-connecting-ip": "203.0.113.7", "user-agent": "Test" });

    const first = await read(world, { limit: 2 });
    const second = await read(world, { since: first.next });

    expect(first.events.map(({ type, user_id }) => [type, user_id])).toEqual([
      ["registered", jane.id],
      ["registered", john.id],
    ]);
    expect([first.more, first.next]).toEqual([true, first.events[1]?.cursor]);
    expect(second.events).toEqual([
      {
        id: expect.any(Number),
        cursor: second.next,
        type: "logged_in",
        user_id: jane.id,
        created_at: "2026-01-02T00:00:00.000Z",
        session_id: expect.any(String),
        ip: "203.0.113.7",
        user_agent: "Test",
        caller: null,
        administrator: null,
        reason: null,
      },
    ]);
    expect(await read(world, { since: second.next })).toEqual({ events: [], next: second.next, more: false });
    expect((await read(world, { since: "2026-01-02T00:00:00Z" })).events).toEqual(second.events);
    expect(await world.cost(() => read(world))).toEqual({ d1: 1, kv: 0, queue: 0 });
  });

  it("leaves out other types than those asked for, and goes on after them", async () => {
    const { world, login } = await createWorldWithJane();
    await login();
    await world.post("/auth/login", { identifier: "janedoe", password: WRONG_PASSWORD });

    const first = await read(world, { types: ["login_failed"], limit: 2 });
    const second = await read(world, { types: ["login_failed"], since: first.next });

    expect([first.events, first.more]).toEqual([[], true]);
    expect(second.events.map(({ type }) => type)).toEqual(["login_failed"]);
  });

  it.each([
    { since: "x" },
    { since: "-1" },
    { since: "2026-01-01Tx" },
    { limit: 0 },
    { limit: 101 },
    { types: ["unknown"] },
    { user: "x" },
  ])("refuses %o", async (query) => {
    expect(await administer(createWorld(), "listAllEvents", query)).toMatchObject({ code: "invalid_request" });
  });

  it("has an event again, with a new cursor, whose row replaces the fiftieth of its type", async () => {
    const { world, jane } = await createWorldWithJane();
    const reader = createReader(world, 100);
    for (let n = 0; n < 60; n++) {
      await administer(world, "setRoles", jane.id, []);
      if (n % 7 === 0) await reader.catchUp();
    }

    expect((await reader.catchUp()).filter((type) => type === "roles_changed")).toHaveLength(60);
    expect(isIncreasing(cursorsOf(reader.seen))).toBe(true);
    expect(await rows("audit_events")).toHaveLength(51);
  });

  it("goes on after the newest events were purged, and after a restore to an earlier time", async () => {
    stopClock(START);
    const { world, login } = await createWorldWithJane({ UNVERIFIED_ACCOUNT_DAYS: "0" });
    const before = await rows("audit_events");
    for (let n = 0; n < 5; n++) await login();
    const reader = createReader(world);
    expect(await reader.catchUp()).toHaveLength(6);

    stopClock(START + 91 * DAY);
    await world.schedule();
    expect(await rows("audit_events")).toEqual([]);
    await login();
    expect((await reader.catchUp()).slice(6)).toEqual(["logged_in"]);

    await env.DB.exec("delete from audit_events");
    const [row] = before;
    await env.DB.prepare(`insert into audit_events (${Object.keys(row)}) values (${Object.keys(row).fill("?")})`)
      .bind(...Object.values(row))
      .run();
    stopClock(START + 91 * DAY + 1);
    await login();
    expect((await reader.catchUp()).slice(7)).toEqual(["logged_in"]);
  });

  it("has the events of an account up to its deletion, unless they went with it", async () => {
    const { world, jane, login } = await createWorldWithJane();
    const reader = createReader(world);
    await login();
    await reader.catchUp();
    await login();

    await administer(world, "deleteUser", jane.id);

    expect(await reader.catchUp()).toEqual(["registered", "logged_in", "account_deleted"]);
  });
});

describe("events of the previous release, which knows no sequences", () => {
  it("are in the feed once, also those in the place of a numbered one", async () => {
    stopClock(START);
    const { world, jane } = await createWorldWithJane();
    const reader = createReader(world);
    const insert = env.DB.prepare(
      "insert into audit_events (type, created_at, user_id) select 'logged_in', ? - key, ? from json_each(?)",
    );
    await insert.bind(START, jane.id, JSON.stringify(Array(10).fill(0))).run();
    await administer(world, "setRoles", jane.id, []);
    expect((await reader.catchUp()).sort()).toEqual([...Array(10).fill("logged_in"), "registered", "roles_changed"]);
    expect(isIncreasing(reader.seen.slice(2).map(({ created_at }) => Date.parse(created_at)))).toBe(true);

    await env.DB.prepare("update audit_events set created_at = ? where type = 'roles_changed'")
      .bind(START + 1)
      .run();
    expect((await reader.catchUp()).slice(12)).toEqual(["roles_changed"]);
    expect(await reader.catchUp()).toHaveLength(13);
  });
});

/** Returns random numbers from 0 to 1 that a seed determines (mulberry32). */
function randomFrom(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let n = Math.imul(state ^ (state >>> 15), 1 | state);
    n = (n + Math.imul(n ^ (n >>> 7), 61 | n)) ^ n;
    return ((n ^ (n >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes down every event in the order of the commits, as the rows themselves are replaced. */
async function writeDown() {
  for (const act of ["insert", "update"]) {
    await env.DB.prepare(
      `create trigger write_down_${act} after ${act} on audit_events
       begin insert into written (type, user_id) values (new.type, new.user_id); end`,
    ).run();
  }
}

describe("readers that race writers", () => {
  beforeEach(async () => {
    await env.DB.exec("create table written (n integer primary key, type text, user_id text)");
    await writeDown();
  });
  afterEach(reset);

  it.each([1, 2])("get each event once, in the order of the commits, with seed %i", async (seed) => {
    stopClock(START);
    const random = randomFrom(seed);
    const { world, jane } = await createWorldWithJane({ UNVERIFIED_ACCOUNT_DAYS: "0" });
    const users: string[] = [jane.id];
    const someUser = () => users[Math.floor(random() * users.length)];
    const readers = [createReader(world, 3), createReader(world, 100)];
    let now = START;
    // The clocks of Workers differ.
    async function passTime() {
      now += Math.floor(random() * 3000) - 1000;
      vi.setSystemTime(now);
    }
    // The events of an account that proved no address are deleted with it.
    async function addUser(email: string) {
      const { value } = await administer(world, "createUser", { email });
      await administer(world, "setVerified", value.id, email, true);
      return value.id;
    }

    // Jane gets more than fifty events of a type, so that rows are replaced.
    const ACTS: [weight: number, act: () => Promise<unknown>][] = [
      [6, () => administer(world, "setRoles", jane.id, [])],
      [1, () => administer(world, "disableUser", someUser())],
      [2, async () => users.push(await addUser(`${random()}@example.com`))],
      [1, () => administer(world, "deleteUser", users.splice(1, 1)[0] ?? "nobody")],
      [2, passTime],
      [1, () => readers[0]!.catchUp()],
      [2, () => readers[1]!.catchUp()],
    ];
    const acts = ACTS.flatMap(([weight, act]) => Array(weight).fill(act));
    for (let round = 0; round < 25; round++) {
      await atOnce(8, () => acts[Math.floor(random() * acts.length)]());
      await Promise.all(readers.map((reader) => reader.catchUp()));
    }

    const { results: written } = await env.DB.prepare("select type, user_id from written order by n").all();
    expect(written.length).toBeGreaterThan(100);
    expect(written.filter(({ type }) => type === "roles_changed").length).toBeGreaterThan(50);
    for (const { seen } of readers) {
      expect(seen.map(({ type, user_id }) => ({ type, user_id }))).toEqual(written);
      expect(isIncreasing(cursorsOf(seen))).toBe(true);
    }
  });
});

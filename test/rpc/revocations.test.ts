import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RevocationFeed } from "../../src/contract/session.ts";
import { rows } from "../support/rows.ts";
import { administer, call } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, sidOf, stopClock } from "../support/world.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

async function read(world: { env: Env }, since?: string): Promise<RevocationFeed> {
  const { ok, value } = await call(world, "revocations", since === undefined ? undefined : { since });
  expect(ok).toBe(true);
  return value;
}

const sidsOf = ({ revocations }: RevocationFeed) => revocations.map(({ sid }) => sid);

describe("the feed of revocations", () => {
  it("lists each session that ended, until its tokens have expired, and goes on after the last", async () => {
    stopClock(START);
    const { world, jane, login } = await createWorldWithJane();
    const [first, second, third] = [await login(), await login(), await login()];
    expect(await read(world)).toEqual({ revocations: [], next: "0", more: false });

    await world.logout({ refresh_token: first.refresh_token });
    const one = await read(world);
    expect(one).toMatchObject({
      revocations: [{ sid: sidOf(first.access_token), expires_at: "2026-01-01T00:16:00.000Z" }],
      more: false,
    });
    await call(world, "revokeSession", sidOf(second.access_token));
    await administer(world, "deleteUser", jane.id);
    const rest = await read(world, one.next);

    expect(await world.cost(() => read(world))).toEqual({ d1: 1, kv: 0, queue: 0 });
    expect(sidsOf(rest)).toEqual([sidOf(second.access_token), sidOf(third.access_token)]);
    expect(await read(world, rest.next)).toEqual({ revocations: [], next: rest.next, more: false });
    stopClock(START + 16 * MINUTE);
    await world.schedule();
    expect(sidsOf(await read(world))).toHaveLength(3);
    stopClock(START + 16 * MINUTE + 1);
    await world.schedule();
    expect(sidsOf(await read(world))).toEqual([]);
  });

  it("goes on after all revocations were purged, whatever the clock of the next Worker says", async () => {
    stopClock(START);
    const { world, login } = await createWorldWithJane();
    const [first, second] = [await login(), await login()];
    await world.logout({ refresh_token: first.refresh_token });
    const { next } = await read(world);

    stopClock(START - 1000);
    await world.logout({ refresh_token: second.refresh_token });
    const behind = await read(world, next);
    expect(sidsOf(behind)).toEqual([sidOf(second.access_token)]);

    stopClock(START + 20 * MINUTE);
    await world.schedule();
    const { access_token, refresh_token } = await login();
    await world.logout({ refresh_token });
    expect(sidsOf(await read(world, behind.next))).toEqual([sidOf(access_token)]);
  });

  it("lists what the previous release revokes, and again what it revokes again", async () => {
    const insert = env.DB.prepare(
      "insert into denylist_outbox (session_id, revoked_at, expires_at) select 'sid-' || key, ?, ? from json_each(?) where true on conflict do update set revoked_at = excluded.revoked_at",
    );
    const revoke = (count: number, at: number) => insert.bind(at, at, JSON.stringify(Array(count).fill(0))).run();
    const world = createWorld();
    await revoke(1500, Date.now());

    const first = await read(world);
    const second = await read(world, first.next);
    expect([sidsOf(first).length, first.more, sidsOf(second).length, second.more]).toEqual([1000, true, 500, false]);
    expect(new Set([...sidsOf(first), ...sidsOf(second)]).size).toBe(1500);
    await revoke(1, Date.now() + MINUTE);
    expect(sidsOf(await read(world, second.next))).toEqual(["sid-0"]);
  });

  it("numbers the sessions that one act ends one by one", async () => {
    const { world, jane, login } = await createWorldWithJane();
    for (let n = 0; n < 3; n++) await login();

    await administer(world, "endSessions", jane.id);

    const numbers = (await rows("denylist_outbox")).map(({ sequence }) => sequence);
    expect(new Set(numbers).size).toBe(3);
  });

  it.each([{ since: "x" }, { limit: 1 }])("refuses %o", async (query) => {
    expect(await call(createWorld(), "revocations", query)).toMatchObject({ code: "invalid_request" });
  });
});

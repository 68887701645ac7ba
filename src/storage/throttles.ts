import { and, eq, gt, inArray, lt, notExists, type SQL, sql } from "drizzle-orm";
import { sessions, throttles, users } from "../../drizzle/schema.ts";
import type { Stamp } from "./audit-events.ts";
import type { Db } from "./db.ts";
import { isLive } from "./liveness.ts";
import type { IdentifierKind } from "./users.ts";

/** So many failures in a row go unpunished. */
const FREE_FAILURES = 4;
/** How long the next one blocks; each further one blocks for twice as long, up to the most. */
const FIRST_BLOCK_MILLISECONDS = 30_000;
const MAX_BLOCK_MILLISECONDS = 900_000;
const MAX_DOUBLINGS = 5;
/** Failures are forgotten when there was none for so long. */
const MEMORY_MILLISECONDS = 86_400_000;

/** The account that somebody guesses at: this one, or the one with this identifier, for which `digest` stands where there
 *  is none, so that both behave alike. */
export type Target = { userId: string } | { kind: IdentifierKind; value: string; digest: string };

/** How it stands with guesses at a target. */
export interface Throttle {
  failures: number;
  /** Unix time in milliseconds. */
  blockedUntil: number;
}

/** Part of a batch, where it goes first: answers at most one, as it was before this guess. */
export const throttleOf = (db: Db, target: Target, stamp: Stamp) =>
  db
    .select({ failures: throttles.failures, blockedUntil: throttles.blockedUntil })
    .from(throttles)
    .where(isCount(db, target, stamp));

/** Whether guesses at this target are not blocked. */
export const isFree = (db: Db, target: Target, stamp: Stamp) =>
  notExists(
    db
      .select({ subject: throttles.subject })
      .from(throttles)
      .where(and(isCount(db, target, stamp), gt(throttles.blockedUntil, stamp.at))),
  );

/** Part of a batch: counts a failed guess, unless guesses are blocked. */
export function countFailure(db: Db, target: Target, stamp: Stamp, condition: SQL = sql`true`) {
  const failures = sql`${throttles.failures} + 1`;
  const block = sql`min(${MAX_BLOCK_MILLISECONDS}, ${FIRST_BLOCK_MILLISECONDS} << min(${failures} - ${FREE_FAILURES + 1}, ${MAX_DOUBLINGS}))`;
  const { subject, network } = keyOf(db, target, stamp);
  return db
    .insert(throttles)
    .select(sql`select ${subject}, ${network}, 1, ${stamp.at}, 0 where ${condition}`)
    .onConflictDoUpdate({
      target: [throttles.subject, throttles.network],
      set: {
        failures,
        lastFailedAt: stamp.at,
        blockedUntil: sql`iif(${failures} > ${FREE_FAILURES}, ${stamp.at} + ${block}, 0)`,
      },
      setWhere: sql`${throttles.blockedUntil} <= ${stamp.at}`,
    });
}

/** Part of a batch: a guess was right, so those before it no longer count. Those from elsewhere still do. */
export const forgive = (db: Db, target: Target, stamp: Stamp, condition?: SQL) =>
  db.delete(throttles).where(and(isCount(db, target, stamp), condition));

/** By itself: a guess was right, unless guesses are blocked; answers how it stood with them. */
export async function acceptGuess(db: Db, target: Target, stamp: Stamp): Promise<Throttle | undefined> {
  const [[throttle]] = await db.batch([
    throttleOf(db, target, stamp),
    forgive(db, target, stamp, isFree(db, target, stamp)),
  ]);
  return throttle;
}

/** Part of a batch: nobody's guesses at this account count any more. */
export const forgiveAll = (db: Db, userId: string, condition?: SQL) =>
  db.delete(throttles).where(and(eq(throttles.subject, userId), condition));

/** Deletes at most so many that are forgotten. */
export async function purgeThrottles(db: Db, now: number, most: number): Promise<void> {
  const old = db
    .select({ rowid: sql`rowid` })
    .from(throttles)
    .where(lt(throttles.lastFailedAt, now - MEMORY_MILLISECONDS))
    .limit(most);
  await db.delete(throttles).where(inArray(sql`rowid`, old));
}

function isCount(db: Db, target: Target, stamp: Stamp) {
  const { subject, network } = keyOf(db, target, stamp);
  return and(sql`${throttles.subject} = ${subject}`, sql`${throttles.network} = ${network}`);
}

function keyOf(db: Db, target: Target, { at, ip }: Stamp) {
  const user = "userId" in target ? sql`${target.userId}` : sql`(${holderOf(db, target.kind, target.value)})`;
  const familiar = db
    .select({ ip: sessions.ip })
    .from(sessions)
    .where(and(sql`${sessions.userId} = ${user}`, isLive(at), eq(sessions.ip, ip ?? "")))
    .limit(1);
  const subject = "userId" in target ? user : sql`coalesce(${user}, ${target.digest})`;
  return { subject, network: sql`coalesce(${familiar}, '')` };
}

const holderOf = (db: Db, kind: IdentifierKind, value: string) =>
  db.select({ id: users.id }).from(users).where(eq(users[kind], value));

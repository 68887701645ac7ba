import { and, eq, gt, inArray, lt, notExists, type SQL, sql } from "drizzle-orm";
import { lockouts, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";
import type { Value } from "./prepared.ts";
import type { IdentifierKind } from "./users.ts";

/** So many failures in a row go unpunished. */
const FREE_FAILURES = 4;
/** How long the next one blocks; each further one blocks for twice as long, up to the most. */
const FIRST_BLOCK_MILLISECONDS = 30_000;
const MAX_BLOCK_MILLISECONDS = 900_000;
const MAX_DOUBLINGS = 5;
/** Failures are forgotten when there was none for so long. */
const MEMORY_MILLISECONDS = 86_400_000;

/** The account with this identifier, for which `digest` stands where there is none, so that both behave alike. */
export interface IdentifierKey {
  kind: IdentifierKind;
  value: string;
  digest: string;
}

/** The account that somebody guesses at. */
export type Target = IdentifierKey | { userId: Value<string> };

/** How it stands with guesses at a target. */
export interface Lockout {
  failures: number;
  /** Unix time in milliseconds. */
  lockedUntil: number;
}

/** Part of a batch, where it goes first: answers at most one, as it was before this guess. */
export const findLockout = (db: Db, target: Target) =>
  db.select({ failures: lockouts.failures, lockedUntil: lockouts.lockedUntil }).from(lockouts).where(isOf(db, target));

/** Whether guesses at this target are not blocked. */
export const isNotLocked = (db: Db, target: Target, now: Value<number>) =>
  notExists(
    db
      .select({ subject: lockouts.subject })
      .from(lockouts)
      .where(and(isOf(db, target), gt(lockouts.lockedUntil, now))),
  );

/** Part of a batch, after what asks whether guesses are blocked: counts a failed one, unless they are, or the condition does
 *  not hold. */
export function countFailure(db: Db, target: Target, now: number, condition: SQL = sql`true`) {
  const isForgotten = sql`${lockouts.lastFailedAt} <= ${now - MEMORY_MILLISECONDS}`;
  const failures = sql`iif(${isForgotten}, 1, ${lockouts.failures} + 1)`;
  const block = sql`min(${MAX_BLOCK_MILLISECONDS}, ${FIRST_BLOCK_MILLISECONDS} << min(${failures} - ${FREE_FAILURES + 1}, ${MAX_DOUBLINGS}))`;
  return (
    db
      .insert(lockouts)
      // Without a `where` SQLite would take `on conflict` for a part of the select.
      .select(sql`select ${subjectOf(db, target)}, 1, ${now}, 0 where ${condition}`)
      .onConflictDoUpdate({
        target: lockouts.subject,
        set: {
          failures,
          lastFailedAt: now,
          lockedUntil: sql`iif(${failures} > ${FREE_FAILURES}, ${now} + ${block}, 0)`,
        },
        setWhere: sql`${lockouts.lockedUntil} <= ${now}`,
      })
  );
}

/** Part of a batch, or by itself: a guess was right, so those before it no longer count. */
export const clearFailures = (db: Db, target: Target, condition?: SQL) =>
  db.delete(lockouts).where(and(isOf(db, target), condition));

/** By itself: a guess was right, unless guesses are blocked; answers how it stood with them. */
export async function acceptPassword(db: Db, target: Target, now: number): Promise<Lockout | undefined> {
  const [[lockout]] = await db.batch([
    findLockout(db, target),
    clearFailures(db, target, isNotLocked(db, target, now)),
  ]);
  return lockout;
}

/** Deletes at most so many that are forgotten. */
export async function purgeLockouts(db: Db, now: number, most: number): Promise<void> {
  const old = db
    .select({ subject: lockouts.subject })
    .from(lockouts)
    .where(lt(lockouts.lastFailedAt, now - MEMORY_MILLISECONDS))
    .limit(most);
  await db.delete(lockouts).where(inArray(lockouts.subject, old));
}

const isOf = (db: Db, target: Target) => sql`${lockouts.subject} = ${subjectOf(db, target)}`;

function subjectOf(db: Db, target: Target): SQL {
  if ("userId" in target) return sql`${target.userId}`;
  const holder = db.select({ id: users.id }).from(users).where(eq(users[target.kind], target.value));
  return sql`coalesce((${holder}), ${target.digest})`;
}

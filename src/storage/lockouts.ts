import { and, eq, gt, lt, notExists, or, type SQL, sql } from "drizzle-orm";
import { lockouts, users } from "../../drizzle/schema.ts";
import type { IdentifierKind } from "../contract/identifiers.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { isBeyondNewest, type Stale } from "./purge.ts";

/** Failures in a row that have no consequence. */
const FREE_FAILURES = 4;
/** Duration of the first lockout. Each further failure doubles it, up to the maximum. */
const FIRST_LOCKOUT_MILLISECONDS = 30_000;
const MAX_LOCKOUT_MILLISECONDS = 900_000;
const MAX_DOUBLINGS = 5;
/** Failures are forgotten after this long without another one. */
const MEMORY_MILLISECONDS = 86_400_000;
/** Guesses at identifiers that no account has are counted too, so the table has a bound. */
const MAX_KEPT = 200_000;

/**
 * The account with this identifier. Without such an account `digest` takes its place, so that both
 * behave alike.
 */
export interface IdentifierKey {
  kind: IdentifierKind;
  value: string;
  digest: string;
}

/** The account whose credentials are guessed. */
export type LockoutKey = IdentifierKey | { userId: string };

/** The failed guesses at an account. */
export interface Lockout {
  failures: number;
  /** Unix time in milliseconds. */
  lockedUntil: number;
}

/**
 * Selects the lockout of an account, at most one row. First in a batch, it shows the state before
 * this guess.
 */
export const lockoutStatement = (db: Db, key: LockoutKey) =>
  db.select({ failures: lockouts.failures, lockedUntil: lockouts.lockedUntil }).from(lockouts).where(matches(db, key));

/** Tests whether guesses at this account are allowed. */
export const isNotLocked = (db: Db, key: LockoutKey, now: number) =>
  notExists(
    db
      .select({ subject: lockouts.subject })
      .from(lockouts)
      .where(and(matches(db, key), gt(lockouts.lockedUntil, now))),
  );

/**
 * Counts a failed guess, unless the account is locked or `where` does not hold. In a batch it goes
 * below the statements that test `isNotLocked`.
 */
export function countFailureStatement(db: Db, key: LockoutKey, now: number, where: SQL = sql`true`) {
  const isForgotten = sql`${lockouts.lastFailedAt} <= ${now - MEMORY_MILLISECONDS}`;
  const failures = sql`iif(${isForgotten}, 1, ${lockouts.failures} + 1)`;
  const doublings = sql`min(${failures} - ${FREE_FAILURES + 1}, ${MAX_DOUBLINGS})`;
  const duration = sql`min(${MAX_LOCKOUT_MILLISECONDS}, ${FIRST_LOCKOUT_MILLISECONDS} << ${doublings})`;
  const first = { subject: subjectOf(db, key), failures: 1, lastFailedAt: now, lockedUntil: 0 };
  return insertSelect(db, lockouts, first, sql`where ${where}`).onConflictDoUpdate({
    target: lockouts.subject,
    set: {
      failures,
      lastFailedAt: now,
      lockedUntil: sql`iif(${failures} > ${FREE_FAILURES}, ${now} + ${duration}, 0)`,
    },
    setWhere: sql`${lockouts.lockedUntil} <= ${now}`,
  });
}

/** Forgets failed guesses after a right one. */
export const clearFailuresStatement = (db: Db, key: LockoutKey, where?: SQL) =>
  db.delete(lockouts).where(and(matches(db, key), where));

/** Forgets failed guesses after a right one. */
export async function clearFailures(db: Db, key: LockoutKey): Promise<void> {
  await clearFailuresStatement(db, key);
}

/**
 * Forgets failed guesses after a right one, unless the account is locked. Returns the lockout as it
 * was.
 */
export async function acceptGuess(db: Db, key: LockoutKey, now: number): Promise<Lockout | undefined> {
  const { lockout } = await batch(db, {
    lockout: lockoutStatement(db, key),
    cleared: clearFailuresStatement(db, key, isNotLocked(db, key, now)),
  });
  return lockout[0];
}

/** Lockouts whose failures are forgotten, and those beyond the newest 200,000. */
export const staleLockouts = (now: number): Stale => ({
  table: lockouts,
  where: or(lt(lockouts.lastFailedAt, now - MEMORY_MILLISECONDS), isBeyondNewest(lockouts, MAX_KEPT)),
});

const matches = (db: Db, key: LockoutKey) => sql`${lockouts.subject} = ${subjectOf(db, key)}`;

function subjectOf(db: Db, key: LockoutKey): SQL {
  if ("userId" in key) return sql`${key.userId}`;
  const holder = db.select({ id: users.id }).from(users).where(eq(users[key.kind], key.value));
  return sql`coalesce((${holder}), ${key.digest})`;
}

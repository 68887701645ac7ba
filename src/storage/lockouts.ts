/**
 * Failed guesses at passwords and codes. Guesses inside a session, on a known device and from a
 * network each have a count of their own, so that strangers cannot lock out an owner who signed in
 * on this device before. All networks together also share a count, which no success clears: it
 * limits a guesser who has many networks and does not reveal whether the owner signs in. Guesses at
 * a second factor have one count more, whatever they come from, which only a right code clears: a
 * person who knows the password could otherwise clear theirs. It never restarts, and after a
 * hundred only a reset of the password allows more (NIST SP 800-63B-4 §3.2.2).
 */
import { and, eq, exists, gt, inArray, lt, notExists, or, type SQL, sql } from "drizzle-orm";
import { lockouts, users } from "../../drizzle/schema.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import {
  accountOf,
  isOfNetwork,
  type LockoutKey,
  matches,
  SECOND_FACTOR,
  secondFactorOf,
  sourceOf,
} from "./lockout-subjects.ts";
import { isBeyondNewest, type Stale } from "./purge.ts";

/** Failures that have no consequence. */
const FREE_FAILURES = 4;
const FREE_FAILURES_OF_ALL_NETWORKS = 20;
/** Duration of the first lockout. Each further failure doubles it, up to the maximum. */
const FIRST_LOCKOUT_MILLISECONDS = 30_000;
const MAX_LOCKOUT_MILLISECONDS = 900_000;
const MAX_DOUBLINGS = 5;
/** A count restarts this long after its first failure. */
const WINDOW_MILLISECONDS = 86_400_000;
/** Consecutive failures after which codes are refused until the password is reset. */
const MAX_FACTOR_FAILURES = 100;
/** How many of them remain after a reset. */
const FACTOR_FAILURES_LEFT = 50;
/** Ends no lockout by itself. */
export const FOREVER = Number.MAX_SAFE_INTEGER;
/** Anyone can add counts of networks and of identifiers that no account has. */
const MAX_KEPT = 200_000;

/** The failed guesses at an account from one source, or from all networks if those are more. */
export interface Lockout {
  failures: number;
  /** Unix time in milliseconds. */
  lockedUntil: number;
}

/** Selects the lockout. First in a batch, it shows the state before this guess. */
export const lockoutStatement = (db: Db, key: LockoutKey) =>
  db
    .select({
      failures: sql`coalesce(max(${lockouts.failures}), 0)`.mapWith(Number),
      lockedUntil: sql`coalesce(max(${lockouts.lockedUntil}), 0)`.mapWith(Number),
    })
    .from(lockouts)
    .where(matches(db, key));

/** Tests whether guesses at this account are allowed. */
export const isNotLocked = (db: Db, key: LockoutKey, now: number) =>
  notExists(
    db
      .select({ subject: lockouts.subject })
      .from(lockouts)
      .where(and(matches(db, key), gt(lockouts.lockedUntil, now))),
  );

/**
 * Counts a failed guess, unless it is locked out or `where` does not hold. In a batch this goes
 * below the statements that test `isNotLocked`. The count of a second factor comes first: it must
 * not miss a guess because another count has just locked the account.
 */
export const countFailureStatements = (db: Db, key: LockoutKey, now: number, where?: SQL) => ({
  ...(key.atSecondFactor && {
    countedOfFactor: countStatement(
      db,
      secondFactorOf(db, key),
      FREE_FAILURES,
      { now, where: and(where, isNotLocked(db, key, now)) },
      MAX_FACTOR_FAILURES,
    ),
  }),
  countedOfNetworks: countStatement(db, accountOf(db, key), FREE_FAILURES_OF_ALL_NETWORKS, {
    now,
    where: and(where, isOfNetwork(db, key), isNotLocked(db, sourceAlone(key), now)),
  }),
  counted: countStatement(db, sourceOf(db, key), FREE_FAILURES, {
    now,
    where: and(where, isNotLocked(db, sourceAlone(key), now)),
  }),
});

/** The same guess without the count of the second factor, which has just been raised. */
const sourceAlone = (key: LockoutKey): LockoutKey => ({ ...key, atSecondFactor: false });

function countStatement(
  db: Db,
  subject: SQL,
  freeFailures: number,
  { now, where }: { now: number; where: SQL | undefined },
  /** The count never restarts, and ends here. */
  maxFailures?: number,
) {
  const isOver = maxFailures ? sql`false` : sql`${lockouts.firstFailedAt} <= ${now - WINDOW_MILLISECONDS}`;
  const failures = sql`iif(${isOver}, 1, ${lockouts.failures} + 1)`;
  const doublings = sql`min(${failures} - ${freeFailures + 1}, ${MAX_DOUBLINGS})`;
  const duration = sql`min(${MAX_LOCKOUT_MILLISECONDS}, ${FIRST_LOCKOUT_MILLISECONDS} << ${doublings})`;
  const until = sql`iif(${failures} >= ${maxFailures ?? FOREVER}, ${FOREVER}, ${now} + ${duration})`;
  const first = { subject, failures: 1, firstFailedAt: now, lastFailedAt: now, lockedUntil: 0 };
  return insertSelect(db, lockouts, first, sql`where ${where ?? sql`true`}`).onConflictDoUpdate({
    target: lockouts.subject,
    set: {
      failures,
      firstFailedAt: sql`iif(${isOver}, ${now}, ${lockouts.firstFailedAt})`,
      lastFailedAt: now,
      lockedUntil: sql`iif(${failures} > ${freeFailures}, ${until}, 0)`,
    },
    setWhere: sql`${lockouts.lockedUntil} <= ${now}`,
  });
}

/** Forgets the failed guesses of this source after a right one. */
export const clearFailuresStatement = (db: Db, key: LockoutKey, where?: SQL) =>
  db.delete(lockouts).where(and(sql`${lockouts.subject} in (${sourceOf(db, key)}, ${secondFactorOf(db, key)})`, where));

/**
 * Takes an attempt that was right out of the count of all networks, in which codes are counted
 * before they are compared. Otherwise the count would reveal how often the owner signs in.
 */
export const forgiveAttemptStatement = (db: Db, key: LockoutKey, where: SQL) =>
  db
    .update(lockouts)
    .set({
      failures: sql`max(${lockouts.failures} - 1, 0)`,
      lockedUntil: sql`iif(${lockouts.failures} - 1 > ${FREE_FAILURES_OF_ALL_NETWORKS}, ${lockouts.lockedUntil}, 0)`,
    })
    .where(and(sql`${lockouts.subject} = ${accountOf(db, key)}`, isOfNetwork(db, key), where));

/**
 * Tests whether one more failure starts the first lockout of a second factor, or the last one. In a
 * batch this goes above the statements that count the failure.
 */
export const isFactorAlarm = (db: Db, key: LockoutKey, now: number) =>
  and(
    exists(
      db
        .select({ subject: lockouts.subject })
        .from(lockouts)
        .where(
          and(
            eq(lockouts.subject, secondFactorOf(db, key)),
            inArray(lockouts.failures, [FREE_FAILURES, MAX_FACTOR_FAILURES - 1]),
          ),
        ),
    ),
    isNotLocked(db, key, now),
  );

/** Allows more guesses at a second factor: a reset shuts out those who knew the password. */
export const allowFactorGuessesStatement = (db: Db, userId: string, now: number, where: SQL | undefined) =>
  db
    .update(lockouts)
    .set({
      failures: sql`min(${lockouts.failures}, ${FACTOR_FAILURES_LEFT})`,
      lockedUntil: sql`min(${lockouts.lockedUntil}, ${now + MAX_LOCKOUT_MILLISECONDS})`,
    })
    .where(and(eq(lockouts.subject, `${userId}${SECOND_FACTOR}`), where));

/** Forgets the failed guesses at second factors that the account no longer has. */
export const forgetFactorFailuresStatement = (db: Db, userId: string, where: SQL | undefined) =>
  db.delete(lockouts).where(and(eq(lockouts.subject, `${userId}${SECOND_FACTOR}`), where));

/** Finds the lockout. */
export async function findLockout(db: Db, key: LockoutKey): Promise<Lockout | undefined> {
  const [lockout] = await lockoutStatement(db, key);
  return lockout;
}

/** Forgets the failed guesses of this source after a right one. */
export async function clearFailures(db: Db, key: LockoutKey): Promise<void> {
  await clearFailuresStatement(db, key);
}

/**
 * Forgets the failed guesses of this source after a right one, unless it is locked out. Returns the
 * lockout as it was.
 */
export async function acceptGuess(db: Db, key: LockoutKey, now: number): Promise<Lockout | undefined> {
  const { lockout } = await batch(db, {
    lockout: lockoutStatement(db, key),
    cleared: clearFailuresStatement(db, key, isNotLocked(db, key, now)),
  });
  return lockout[0];
}

/**
 * Lockouts whose failures no longer count. Those of second factors count while the account exists.
 * Beyond the newest 200,000, also those that anyone can add: of networks, and of identifiers that
 * no account has. The others stay, so that a flood cannot clear the count of an account.
 */
export const staleLockouts = (now: number): Stale => ({
  table: lockouts,
  where: or(
    and(
      lt(lockouts.lastFailedAt, now - WINDOW_MILLISECONDS),
      sql`(${lockouts.subject} not like ${`%${SECOND_FACTOR}`} or substr(${lockouts.subject}, 1, 36) not in (select ${users.id} from ${users}))`,
    ),
    and(
      isBeyondNewest(lockouts, MAX_KEPT),
      sql`(${lockouts.subject} like '%/network/%' or ${lockouts.subject} not like '________-____-____-____-%')`,
    ),
  ),
});

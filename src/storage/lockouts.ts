/**
 * Failed guesses at passwords and codes. Guesses inside a session, on a known device and from a
 * network each have a count of their own, so that strangers cannot lock out an owner who signed in
 * on this device before. All networks together also share a count, which no success clears: it
 * limits a guesser who has many networks and does not reveal whether the owner signs in. Guesses at
 * a second factor have one count more, whatever they come from, which only a right second factor
 * clears: a person who knows the password could otherwise clear theirs.
 */
import { and, eq, gt, lt, notExists, or, type SQL, sql } from "drizzle-orm";
import { lockouts, users } from "../../drizzle/schema.ts";
import type { IdentifierKind } from "../contract/identifiers.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
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
/** Anyone can add counts of networks and of identifiers that no account has. */
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

/** A device on which a user signed in with these credentials. */
export interface KnownDevice {
  userId: string;
  deviceId: string;
  credentialVersion: number;
}

/** Where a guess without a session comes from. */
export interface GuessSource {
  network: string | null;
  /** The device that the sender names. It counts only if it is one of the account. */
  device: KnownDevice | undefined;
}

/** A guess at an account without a session. */
export interface OutsideGuess extends GuessSource {
  account: IdentifierKey | { userId: string };
}

/** The account whose credentials are guessed, and where the guess comes from. */
export type LockoutKey = (OutsideGuess | SessionRef) & {
  /** The guess is at a second factor. */
  atSecondFactor?: boolean | undefined;
};

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
 * below the statements that test `isNotLocked`.
 */
export const countFailureStatements = (db: Db, key: LockoutKey, now: number, where?: SQL) => ({
  countedOfNetworks: countStatement(db, accountOf(db, key), FREE_FAILURES_OF_ALL_NETWORKS, {
    now,
    where: and(where, isOfNetwork(db, key), isNotLocked(db, key, now)),
  }),
  ...(key.atSecondFactor && {
    countedOfFactor: countStatement(db, secondFactorOf(db, key), FREE_FAILURES, {
      now,
      where: and(where, isNotLocked(db, key, now)),
    }),
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
) {
  const isOver = sql`${lockouts.firstFailedAt} <= ${now - WINDOW_MILLISECONDS}`;
  const failures = sql`iif(${isOver}, 1, ${lockouts.failures} + 1)`;
  const doublings = sql`min(${failures} - ${freeFailures + 1}, ${MAX_DOUBLINGS})`;
  const duration = sql`min(${MAX_LOCKOUT_MILLISECONDS}, ${FIRST_LOCKOUT_MILLISECONDS} << ${doublings})`;
  const first = { subject, failures: 1, firstFailedAt: now, lastFailedAt: now, lockedUntil: 0 };
  return insertSelect(db, lockouts, first, sql`where ${where ?? sql`true`}`).onConflictDoUpdate({
    target: lockouts.subject,
    set: {
      failures,
      firstFailedAt: sql`iif(${isOver}, ${now}, ${lockouts.firstFailedAt})`,
      lastFailedAt: now,
      lockedUntil: sql`iif(${failures} > ${freeFailures}, ${now} + ${duration}, 0)`,
    },
    setWhere: sql`${lockouts.lockedUntil} <= ${now}`,
  });
}

/** Forgets the failed guesses of this source after a right one. */
export const clearFailuresStatement = (db: Db, key: LockoutKey, where?: SQL) =>
  db.delete(lockouts).where(and(sql`${lockouts.subject} in (${sourceOf(db, key)}, ${secondFactorOf(db, key)})`, where));

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
 * Lockouts whose failures no longer count. Beyond the newest 200,000, also those that anyone can
 * add: of networks, and of identifiers that no account has. The others stay, so that a flood cannot
 * clear the count of an account.
 */
export const staleLockouts = (now: number): Stale => ({
  table: lockouts,
  where: or(
    lt(lockouts.lastFailedAt, now - WINDOW_MILLISECONDS),
    and(
      isBeyondNewest(lockouts, MAX_KEPT),
      sql`(${lockouts.subject} like '%/network/%' or ${lockouts.subject} not like '________-____-____-____-%')`,
    ),
  ),
});

/** Matches the counts of the source and of the second factor, and of all networks for one. */
const matches = (db: Db, key: LockoutKey) => {
  const counts = sql`${sourceOf(db, key)}, ${secondFactorOf(db, key)}`;
  return "sessionId" in key
    ? sql`${lockouts.subject} in (${counts})`
    : sql`${lockouts.subject} in (${counts}, iif(${isOfNetwork(db, key)}, ${accountOf(db, key)}, null))`;
};

/** The key of the count of guesses at a second factor; null for another guess. */
const secondFactorOf = (db: Db, key: LockoutKey): SQL =>
  key.atSecondFactor ? sql`${accountOf(db, key)} || '/second-factor'` : sql`null`;

/** The key of the count of all networks. */
function accountOf(db: Db, key: LockoutKey): SQL {
  if ("sessionId" in key) return sql`${key.userId}`;
  const { account } = key;
  if ("userId" in account) return sql`${account.userId}`;
  const holder = db.select({ id: users.id }).from(users).where(eq(users[account.kind], account.value));
  return sql`coalesce((${holder}), ${account.digest})`;
}

/** The key of the count of this session, device or network. */
function sourceOf(db: Db, key: LockoutKey): SQL {
  if ("sessionId" in key) return sql`${`${key.userId}/session/${key.sessionId}`}`;
  const network = sql`${accountOf(db, key)} || ${`/network/${key.network}`}`;
  return key.device
    ? sql`iif(${isOfNetwork(db, key)}, ${network}, ${`${key.device.userId}/device/${key.device.deviceId}`})`
    : network;
}

/** Tests whether a guess comes neither from a session nor from a device of the account. */
function isOfNetwork(db: Db, key: LockoutKey): SQL {
  if ("sessionId" in key) return sql`false`;
  if (!key.device) return sql`true`;
  const { userId, credentialVersion } = key.device;
  const owner = and(
    eq(users.id, userId),
    eq(users.credentialVersion, credentialVersion),
    sql`${users.id} = ${accountOf(db, key)}`,
  );
  return notExists(db.select({ id: users.id }).from(users).where(owner));
}

/** Which counts of failed guesses a guess raises, and which ones lock it out, as SQL. */
import { and, eq, notExists, type SQL, sql } from "drizzle-orm";
import { lockouts, users } from "../../drizzle/schema.ts";
import type { IdentifierKind } from "../contract/identifiers.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import type { Db } from "./db.ts";

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

/** Matches the counts of the source and of the second factor, and of all networks for one. */
export const matches = (db: Db, key: LockoutKey) => {
  const counts = sql`${sourceOf(db, key)}, ${secondFactorOf(db, key)}`;
  return "sessionId" in key
    ? sql`${lockouts.subject} in (${counts})`
    : sql`${lockouts.subject} in (${counts}, iif(${isOfNetwork(db, key)}, ${accountOf(db, key)}, null))`;
};

/** The key of the count of guesses at a second factor; null for another guess. */
export const secondFactorOf = (db: Db, key: LockoutKey): SQL =>
  key.atSecondFactor ? sql`${accountOf(db, key)} || ${SECOND_FACTOR}` : sql`null`;

/** Ends the key of the count of guesses at a second factor. */
export const SECOND_FACTOR = "/second-factor";

/** The key of the count of all networks. */
export function accountOf(db: Db, key: LockoutKey): SQL {
  if ("sessionId" in key) return sql`${key.userId}`;
  const { account } = key;
  if ("userId" in account) return sql`${account.userId}`;
  const holder = db.select({ id: users.id }).from(users).where(eq(users[account.kind], account.value));
  return sql`coalesce((${holder}), ${account.digest})`;
}

/** The key of the count of this session, device or network. */
export function sourceOf(db: Db, key: LockoutKey): SQL {
  if ("sessionId" in key) return sql`${`${key.userId}/session/${key.sessionId}`}`;
  const network = sql`${accountOf(db, key)} || ${`/network/${key.network}`}`;
  return key.device
    ? sql`iif(${isOfNetwork(db, key)}, ${network}, ${`${key.device.userId}/device/${key.device.deviceId}`})`
    : network;
}

/** Tests whether a guess comes neither from a session nor from a device of the account. */
export function isOfNetwork(db: Db, key: LockoutKey): SQL {
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

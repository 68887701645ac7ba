import { and, between, eq, getTableColumns, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import {
  apiKeys,
  auditEvents,
  factorRemovals,
  identities,
  lockouts,
  notices,
  oauthGrants,
  oneTimeSecrets,
  passkeys,
  passwords,
  recoveryCodes,
  requestedMessages,
  sessions,
  totps,
  trustedDevices,
  users,
} from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import { sessionIsAuthorized } from "./session-conditions.ts";

/** Selects these columns of the rows of a user. Secrets and their digests are never among them. */
const ownStatement = (db: Db, userId: string, table: SQLiteTable & { userId: SQLiteColumn }, names: string) => {
  const columns = getTableColumns(table);
  const named = Object.fromEntries(names.split(" ").map((name) => [name, columns[name] as SQLiteColumn]));
  return db.select(named).from(table).where(eq(table.userId, userId));
};

/** The end of the year 9999, for a lockout that does not end by itself. */
const LAST_TIME = 253_402_300_799_999;

/** Selects the failed guesses at an account. Their subjects are its id, or add a source to it. */
const lockoutsStatement = (db: Db, userId: string) =>
  db
    .select({
      source: sql<string | null>`nullif(substr(${lockouts.subject}, ${userId.length + 2}), '')`,
      failures: lockouts.failures,
      firstFailedAt: lockouts.firstFailedAt,
      lastFailedAt: lockouts.lastFailedAt,
      lockedUntil: sql<number | null>`nullif(min(${lockouts.lockedUntil}, ${LAST_TIME}), 0)`,
    })
    .from(lockouts)
    .where(between(lockouts.subject, userId, `${userId}/~`));

/**
 * Reads what is stored about a session's user, by the names of the API. Returns undefined if the
 * session is not authorized.
 */
export async function readOwnRows(db: Db, session: SessionRef, now: number) {
  const own = (table: SQLiteTable & { userId: SQLiteColumn }, names: string) =>
    ownStatement(db, session.userId, table, names);
  const { user, ...rows } = await batch(db, {
    user: db
      .select()
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now))),
    passwords: own(passwords, "userId"),
    totps: own(totps, "createdAt confirmedAt"),
    recovery_codes: own(recoveryCodes, "createdAt spentAt"),
    passkeys: own(passkeys, "id name aaguid transports backedUp createdAt lastUsedAt"),
    identities: own(identities, "id provider issuer subject email linkedAt lastUsedAt"),
    sessions: own(
      sessions,
      "id clientId scope amr ip userAgent createdAt authenticatedAt lastUsedAt expiresAt revokedAt",
    ),
    trusted_devices: own(trustedDevices, "id ip userAgent createdAt lastUsedAt expiresAt"),
    grants: own(oauthGrants, "clientId resource scopes grantedAt"),
    api_keys: own(apiKeys, "id name scopes createdAt expiresAt lastUsedAt"),
    codes: own(oneTimeSecrets, "purpose address requestedAt expiresAt spentAt"),
    messages: own(requestedMessages, "recipient country network createdAt"),
    notices: own(notices, "kind recipient locale createdAt repeatedAt"),
    lockouts: lockoutsStatement(db, session.userId),
    factor_removals: own(factorRemovals, "requestedAt dueAt"),
    events: own(auditEvents, "type ip userAgent sessionId caller reason createdAt"),
  });
  return user[0] && { user: user[0], rows };
}

/** Deletion of accounts: by the owner, by an administrator, and of those that nobody uses. */
import {
  and,
  asc,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  notExists,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import {
  apiKeys,
  auditEvents,
  IS_UNVERIFIED,
  identities,
  passkeys,
  passwords,
  sessions,
  users,
} from "../../drizzle/schema.ts";
import { batch, type Db } from "./db.ts";
import {
  type AuditContext,
  insertEventStatement,
  insertSessionEventsStatement,
  insertUserEventStatement,
} from "./events.ts";
import { type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { isActive, isEnabled, isReauthenticated, type Reauthenticated, userExists } from "./session-conditions.ts";
import { denyApiKeysStatement, queueDenialsStatement, type RevokedSession } from "./session-revocation.ts";

/**
 * Deletes the account of a user who has just proven a credential. `ended` lists its active
 * sessions, or is undefined if the proof no longer holds.
 */
export async function deleteOwnUser(
  db: Db,
  owner: Reauthenticated,
  notice: NewNotice,
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; ended: RevokedSession[] | undefined }> {
  const { userId, sessionId } = owner.session;
  const target = isReauthenticated(db, owner, audit.at);
  const { lockout, denials, keysDenied, deleted } = await batch(db, {
    lockout: lockoutStatement(db, owner.session),
    event: insertSessionEventsStatement(db, "account_deleted", {
      audit,
      where: and(eq(sessions.id, sessionId), userExists(db, target)),
    }),
    ...deleteUserStatements(db, { userId, target, notice, audit }),
  });
  return { lockout: lockout[0], ended: deleted.length === 1 ? [...denials, ...keysDenied] : undefined };
}

/** Deletes an account and returns its active sessions. Returns undefined if there is none. */
export async function deleteUser(
  db: Db,
  userId: string,
  notice: NewNotice,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const { denials, keysDenied, deleted } = await batch(db, {
    event: insertUserEventStatement(db, "account_deleted", { userId, audit }),
    ...deleteUserStatements(db, { userId, target: eq(users.id, userId), notice, audit }),
  });
  return deleted.length === 1 ? [...denials, ...keysDenied] : undefined;
}

/** The accounts that may be purged. */
export interface UnusedAccounts {
  /** The first id that is examined, and the first one that is not. */
  from: string;
  to: string;
  /** Accounts that were created and last used before this time, in Unix milliseconds. */
  before: number;
}

/**
 * Deletes at most `max` accounts that registered themselves, proved no address and are not in use.
 * Returns how many it deleted, and their active sessions.
 *
 * Accounts with a role, without a password, passkey or identity (an administrator created them) or
 * disabled ones stay.
 */
export async function purgeUnusedUsers(
  db: Db,
  { from, to, before }: UnusedAccounts,
  max: number,
  audit: AuditContext,
): Promise<{ deleted: string[]; ended: RevokedSession[] }> {
  const usedSessions = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, users.id), gte(sessions.lastUsedAt, before)));
  const usedKeys = db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, users.id), gte(apiKeys.lastUsedAt, before)));
  const ownIdentities = db.select({ id: identities.id }).from(identities).where(eq(identities.userId, users.id));
  const unused = db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        IS_UNVERIFIED,
        gte(users.id, from),
        lt(users.id, to),
        lt(users.createdAt, before),
        or(isNull(users.lastUsedAt), lt(users.lastUsedAt, before)),
        eq(users.roles, []),
        isEnabled,
        or(
          exists(db.select({ id: passwords.userId }).from(passwords).where(eq(passwords.userId, users.id))),
          exists(db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.userId, users.id))),
          exists(ownIdentities),
        ),
        // A user who signs in at a provider may have no address. Such an account holds none back.
        or(isNotNull(users.email), isNotNull(users.phone), notExists(ownIdentities)),
        notExists(usedSessions),
        notExists(usedKeys),
      ),
    )
    .orderBy(asc(users.id))
    .limit(max);
  const { denials, deleted } = await batch(db, {
    events: insertEventStatement(db, "account_deleted", audit, {
      userId: sql`${users.id}`,
      sessionId: null,
      source: sql`from ${users} where ${inArray(users.id, unused)}`,
    }),
    forgotten: forgetEventsStatement(db, undefined, inArray(auditEvents.userId, unused)),
    keysDenied: denyApiKeysStatement(db, audit.at, inArray(apiKeys.userId, unused)),
    denials: queueDenialsStatement(db, audit.at, and(inArray(sessions.userId, unused), isActive(audit.at))),
    deleted: db.delete(users).where(inArray(users.id, unused)).returning({ id: users.id }),
  });
  return { deleted: deleted.map(({ id }) => id), ended: denials };
}

/** Deletes all events but the deletion itself. */
const forgetEventsStatement = (db: Db, ...where: (SQL | undefined)[]) =>
  db.delete(auditEvents).where(and(ne(auditEvents.type, "account_deleted"), ...where));

interface Deletion {
  userId: string;
  target: SQL | undefined;
  notice: NewNotice;
  audit: AuditContext;
}

/** Deletes an account with everything that belongs to it; its identifiers are free again. */
const deleteUserStatements = (db: Db, { userId, target, notice, audit }: Deletion) => ({
  // Accounts that nobody proved are free to make: their events go with them.
  forgotten: forgetEventsStatement(db, userExists(db, and(target, IS_UNVERIFIED)), eq(auditEvents.userId, userId)),
  notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
  denials: queueDenialsStatement(
    db,
    audit.at,
    and(eq(sessions.userId, userId), isActive(audit.at), userExists(db, target)),
  ),
  keysDenied: denyApiKeysStatement(db, audit.at, and(eq(apiKeys.userId, userId), userExists(db, target))),
  deleted: db.delete(users).where(target).returning({ id: users.id }),
});

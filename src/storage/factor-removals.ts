/**
 * Removals of all second factors of an account: lost ones and unproven ones. An administrator asks
 * for the removal of lost ones, the schedule performs it when it is due (`removeLostFactors` in
 * `account-recovery.ts`), and until then the owner can cancel it.
 */
import { and, asc, eq, exists, isNotNull, lt, lte, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { factorRemovals, identities, passkeys, recoveryCodes, sessions, totps, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { isSession, sessionIsAuthorized } from "./session-conditions.ts";

const ofUser = (userId: string) => eq(factorRemovals.userId, userId);

/** Tests whether a removal waits that matches this condition. */
export const removalExists = (db: Db, userId: string, where?: SQL) =>
  exists(
    db
      .select({ id: factorRemovals.userId })
      .from(factorRemovals)
      .where(and(ofUser(userId), where)),
  );

export const isDue = (now: number) => lte(factorRemovals.dueAt, now);

/** Tests whether a user has an authenticator app. One that waits for its first code is none yet. */
export const hasTotp = (db: Db, userId: string) =>
  exists(
    db
      .select({ id: totps.userId })
      .from(totps)
      .where(and(eq(totps.userId, userId), isNotNull(totps.confirmedAt))),
  );

/** Tests whether an account has an authenticator app or a passkey. */
export const hasFactor = (db: Db, userId: string) =>
  or(hasTotp(db, userId), exists(db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.userId, userId))));

/**
 * Asks for the removal of the second factors. A removal that waits already stays as it is: then
 * `isNew` is false. Returns undefined if there is no such account or it has no second factor.
 */
export async function requestFactorRemoval(
  db: Db,
  userId: string,
  { dueAt, notice }: { dueAt: number; notice: NewNotice },
  audit: AuditContext,
): Promise<{ dueAt: number; isNew: boolean } | undefined> {
  const isNew = and(eq(users.id, userId), hasFactor(db, userId), sql`not ${removalExists(db, userId)}`);
  const { inserted, waiting } = await batch(db, {
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: isNew }),
    event: insertUserEventStatement(db, "factor_removal_requested", { userId, audit, where: isNew }),
    inserted: insertSelect(
      db,
      factorRemovals,
      { userId: sql`${users.id}`, requestedAt: audit.at, dueAt },
      sql`from ${users} where ${isNew}`,
    ).returning({ id: factorRemovals.userId }),
    waiting: db.select({ dueAt: factorRemovals.dueAt }).from(factorRemovals).where(ofUser(userId)),
  });
  return waiting[0] && { ...waiting[0], isNew: inserted.length === 1 };
}

/** Cancels the removal if `where` holds. */
export const cancelRemovalStatements = (db: Db, userId: string, audit: AuditContext, where?: SQL) => ({
  removalEvent: insertUserEventStatement(db, "factor_removal_canceled", {
    userId,
    audit,
    where: and(removalExists(db, userId), where),
  }),
  canceled: db
    .delete(factorRemovals)
    .where(and(ofUser(userId), where))
    .returning({ id: factorRemovals.userId }),
});

/** Drops the removal, without an event, if `where` holds: there are no factors left to remove. */
export const dropRemovalStatement = (db: Db, userId: string, where: SQL | undefined) =>
  db.delete(factorRemovals).where(and(ofUser(userId), where));

/** Cancels the removal. Returns false if none waits. */
export async function cancelFactorRemoval(db: Db, userId: string, audit: AuditContext): Promise<boolean> {
  return (await batch(db, cancelRemovalStatements(db, userId, audit))).canceled.length === 1;
}

/**
 * Cancels the removal in a session that was authenticated with two factors. `amr` is undefined if
 * the session is not authorized.
 */
export async function cancelOwnFactorRemoval(db: Db, session: SessionRef, audit: AuditContext) {
  const isAllowed = and(
    isSession(session),
    sql`${sessions.amr} like '%"mfa"%'`,
    sessionIsAuthorized(db, session, audit.at),
  );
  const { actor, canceled } = await batch(db, {
    actor: db
      .select({ amr: sessions.amr })
      .from(sessions)
      .where(and(isSession(session), sessionIsAuthorized(db, session, audit.at))),
    event: insertSessionEventsStatement(db, "factor_removal_canceled", {
      audit,
      where: and(isAllowed, removalExists(db, session.userId)),
    }),
    canceled: db
      .delete(factorRemovals)
      .where(and(ofUser(session.userId), exists(db.select({ id: sessions.id }).from(sessions).where(isAllowed))))
      .returning({ id: factorRemovals.userId }),
  });
  return { amr: actor[0]?.amr, isCanceled: canceled.length === 1 };
}

/** Lists at most `max` users whose removal is due, the longest waiting first. */
export async function listDueRemovals(db: Db, now: number, max: number): Promise<string[]> {
  const due = await db
    .select({ userId: factorRemovals.userId })
    .from(factorRemovals)
    .where(isDue(now))
    .orderBy(asc(factorRemovals.dueAt))
    .limit(max);
  return due.map(({ userId }) => userId);
}

/** Removes the second factors of a user if `where` holds, or only those from before a time. */
export function removeFactorsStatements(db: Db, userId: string, where: SQL | undefined, before?: SQLWrapper) {
  const remove = (table: typeof totps | typeof passkeys | typeof recoveryCodes) =>
    db.delete(table).where(and(eq(table.userId, userId), before && lt(table.createdAt, before), where));
  return {
    totpRemoved: remove(totps),
    passkeysRemoved: remove(passkeys),
    recoveryCodesRemoved: remove(recoveryCodes),
  };
}

/**
 * Removes the second factors and the identities of a user if `where` holds: those from before the
 * first proof of an address, or all if there was none. The person who registered the account may
 * have added them.
 */
export function removeUnprovenFactorsStatements(db: Db, userId: string, where: SQL | undefined) {
  const { emailVerifiedAt: email, phoneVerifiedAt: phone } = users;
  const firstProof = db
    .select({
      at: sql`coalesce(min(coalesce(${email}, ${phone}), coalesce(${phone}, ${email})), ${Number.MAX_SAFE_INTEGER})`,
    })
    .from(users)
    .where(eq(users.id, userId));
  return {
    ...removeFactorsStatements(db, userId, where, firstProof),
    identitiesRemoved: db
      .delete(identities)
      .where(and(eq(identities.userId, userId), lt(identities.linkedAt, firstProof), where)),
  };
}

/**
 * Says that the owner of a proven address has added the factors and identities of a user: the
 * browser that they were registered in has proven it. `removeUnprovenFactorsStatements` then
 * leaves them alone.
 */
export const trustFactors = (db: Db, userId: string, at: number) =>
  batch(db, {
    passkeys: db.update(passkeys).set({ createdAt: at }).where(eq(passkeys.userId, userId)),
    codes: db.update(recoveryCodes).set({ createdAt: at }).where(eq(recoveryCodes.userId, userId)),
    identities: db.update(identities).set({ linkedAt: at }).where(eq(identities.userId, userId)),
  });

import { and, eq, exists, isNull, lte, notExists, type SQL, sql } from "drizzle-orm";
import { passkeys, recoveryCodes, sessions, totps, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { type Change, changeCredential } from "./credential-change.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { factorColumns, isWaiting, signInWith, TOTP_SETUP_SECONDS } from "./factors.ts";
import { clearFailuresStatement, lockoutStatement } from "./lockouts.ts";
import type { NewNotice } from "./notices.ts";
import type { Stale } from "./purge.ts";
import { replaceRecoveryCodesStatements } from "./recovery-codes.ts";
import {
  type CredentialProof,
  enrollingUserStatement,
  isActive,
  isEnabled,
  isProven,
  isReauthenticated,
  isSession,
  type Reauthenticated,
  userExists,
} from "./session-conditions.ts";

/** Stores the sealed secret of a new app of each user that matches. `usedBy`: see `isWaiting`. */
function startStatement(
  db: Db,
  { where, ...app }: { secret: string; createdAt: number; usedBy: string; where: SQL | undefined },
) {
  const row = { userId: sql`${users.id}`, ...app, confirmedAt: null, lastStep: null };
  return insertSelect(db, totps, row, sql`from ${users} where ${where}`)
    .onConflictDoUpdate({
      target: totps.userId,
      set: app,
      setWhere: isNull(totps.confirmedAt),
    })
    .returning({ userId: totps.userId });
}

/** As `startTotp`, for a sign-in. Returns the user, or undefined if the proof no longer holds. */
export async function startTotpEnrollment(db: Db, proof: CredentialProof, secret: string, at: number) {
  const { user, started } = await batch(db, {
    user: enrollingUserStatement(db, proof),
    started: startStatement(db, {
      secret,
      createdAt: at,
      usedBy: signInWith(proof.credentialVersion),
      where: isProven(proof),
    }),
  });
  return started.length === 1 ? user[0] : undefined;
}

/**
 * Stores the sealed secret of a new app, which is not asked for until a code has confirmed it in
 * the same session: a change of credentials or a new proof gives the session another id and so
 * voids it. It replaces one that was not confirmed. `isStarted` is false if the proof no longer
 * holds or the account has an app.
 */
export async function startTotp(db: Db, owner: Reauthenticated, secret: string, audit: AuditContext) {
  const { session } = owner;
  const isAllowed = isReauthenticated(db, owner, audit.at);
  const { lockout, started } = await batch(db, {
    lockout: lockoutStatement(db, session),
    ...(owner.byGuess && { cleared: clearFailuresStatement(db, session, userExists(db, isAllowed)) }),
    started: startStatement(db, { secret, createdAt: audit.at, usedBy: session.sessionId, where: isAllowed }),
  });
  return { lockout: lockout[0], isStarted: started.length === 1 };
}

/** Finds the user of an authorized session, and the secret of the app that is being added in it. */
export async function findTotpSetup(db: Db, session: SessionRef, now: number) {
  const [found] = await db
    .select({
      credentialVersion: users.credentialVersion,
      amr: sessions.amr,
      authenticatedAt: sessions.authenticatedAt,
      secret: totps.secret,
      ...factorColumns,
      /** Spent ones included. */
      recoveryCodes: sql<number>`(select count(*) from ${recoveryCodes} where ${recoveryCodes.userId} = ${users.id})`,
    })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .leftJoin(totps, and(eq(totps.userId, users.id), isWaiting(now, session.sessionId)))
    .where(and(isSession(session), isActive(now), isEnabled));
  return found;
}

interface ConfirmedTotp {
  /** The sealed secret that the code belongs to. */
  secret: string;
  /** The time step of the code, which must not be used again. */
  step: number;
  /** The digests of recovery codes, if the account has none. */
  digests: string[];
  notice: NewNotice;
}

/** The change that adds the app whose code was right. */
export function totpConfirmation(
  db: Db,
  userId: string,
  { secret, step, digests, notice }: ConfirmedTotp,
  at: number,
): Change {
  const isWaiting = and(eq(totps.userId, userId), eq(totps.secret, secret), isNull(totps.confirmedAt));
  return {
    where: exists(db.select({ id: totps.userId }).from(totps).where(isWaiting)),
    event: "totp_added",
    notice,
    addsFactor: true,
    also: (isDone) => ({
      confirmed: db.update(totps).set({ confirmedAt: at, lastStep: step, usedBy: null }).where(and(isWaiting, isDone)),
      ...(digests.length > 0 && replaceRecoveryCodesStatements(db, userId, digests, { at, where: isDone })),
    }),
  };
}

/** Adds the app whose code was right, in a session. See `changeCredential`. */
export const confirmTotp = (
  db: Db,
  owner: Reauthenticated,
  { amr, ...confirmed }: ConfirmedTotp & { /** The methods of the session. */ amr: string[] },
  audit: AuditContext,
) => {
  const change = totpConfirmation(db, owner.session.userId, confirmed, audit.at);
  return changeCredential(db, owner, { ...change, proof: { amr, at: audit.at } }, audit);
};

/**
 * Removes the app of a user, and the recovery codes if no other second factor is left. See
 * `changeCredential`.
 */
export const removeTotp = (db: Db, owner: Reauthenticated, notice: NewNotice, audit: AuditContext) => {
  const { userId } = owner.session;
  const own = eq(totps.userId, userId);
  const hasPasskey = db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.userId, userId));
  return changeCredential(
    db,
    owner,
    {
      where: exists(db.select({ id: totps.userId }).from(totps).where(own)),
      event: "totp_removed",
      notice,
      also: (isDone) => ({
        totp: db.delete(totps).where(and(own, isDone)),
        codes: db.delete(recoveryCodes).where(and(eq(recoveryCodes.userId, userId), isDone, notExists(hasPasskey))),
      }),
    },
    audit,
  );
};

/** Apps that no code has confirmed in time. */
export const staleTotps = (now: number): Stale => ({
  table: totps,
  where: sql`confirmed_at is null and ${lte(totps.createdAt, now - TOTP_SETUP_SECONDS * 1000)}`,
});

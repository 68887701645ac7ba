import { and, eq, getTableColumns, ne, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, passwords, sessions, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { verifiedIfSentTo } from "./addresses.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import { clearFailuresStatement, type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { invalidateSecretsStatement, isSecretHolder, type OpenSecret } from "./secrets.ts";
import {
  isActive,
  isEnabled,
  isReauthenticated,
  isSession,
  type Reauthenticated,
  userExists,
} from "./session-conditions.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";

/** Inserts the password of an account if the account exists and matches `where`, or replaces it. */
export const insertPasswordStatement = (
  db: Db,
  { userId, hash, where }: { userId: string; hash: string; where?: SQL | undefined },
) =>
  insertSelect(
    db,
    passwords,
    { userId: sql`${users.id}`, hash },
    sql`from ${users} where ${and(eq(users.id, userId), where)}`,
  ).onConflictDoUpdate({ target: passwords.userId, set: { hash } });

export type SessionCredentials = NonNullable<Awaited<ReturnType<typeof findSessionCredentials>>["user"]>;

/** Finds the user of an authorized session with the credentials to prove again, and the lockout. */
export async function findSessionCredentials(db: Db, session: SessionRef, now: number) {
  const { lockout, user } = await batch(db, {
    lockout: lockoutStatement(db, session),
    user: db
      .select({
        ...getTableColumns(users),
        passwordHash: passwords.hash,
        authenticatedAt: sessions.authenticatedAt,
      })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .leftJoin(passwords, eq(passwords.userId, users.id))
      .where(and(isSession(session), isActive(now), isEnabled)),
  });
  return { lockout: lockout[0], user: user[0] };
}

/**
 * Replaces the password, revokes the user's other sessions and voids every link and code. `ended`
 * lists the revoked sessions, or is undefined if the proof no longer holds.
 */
export async function replacePassword(
  db: Db,
  owner: Reauthenticated,
  { hash, notice }: { hash: string; notice: NewNotice },
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; ended: RevokedSession[] | undefined }> {
  const { session } = owner;
  const target = isReauthenticated(db, owner, audit.at);
  const isAllowed = userExists(db, target);
  const others = and(eq(sessions.userId, session.userId), ne(sessions.id, session.sessionId), isAllowed);
  const { lockout, revoked, replaced } = await batch(db, {
    lockout: lockoutStatement(db, session),
    ...(owner.byPassword && { cleared: clearFailuresStatement(db, session, isAllowed) }),
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
    event: insertSessionEventsStatement(db, "password_changed", {
      audit,
      where: and(eq(sessions.id, session.sessionId), isAllowed),
    }),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: others }),
    voided: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(eq(oneTimeSecrets.userId, session.userId), isAllowed),
    }),
    password: insertPasswordStatement(db, { userId: session.userId, hash, where: target }),
    // Last: the statements above test the credential version.
    replaced: db
      .update(users)
      .set({ credentialVersion: sql`${users.credentialVersion} + 1`, updatedAt: audit.at })
      .where(target)
      .returning({ id: users.id }),
  });
  return { lockout: lockout[0], ended: replaced.length === 1 ? revoked : undefined };
}

/**
 * Uses a secret to replace the password, revokes every session, voids every other secret, forgets
 * failed guesses and verifies the address that the secret was sent to. Returns the revoked
 * sessions, or undefined if the secret is not open anymore. Of N concurrent calls one succeeds.
 */
export async function resetPassword(
  db: Db,
  secret: OpenSecret,
  { hash, notice }: { hash: string; notice: NewNotice },
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const { userId } = secret;
  const target = isSecretHolder(db, secret, audit.at);
  const isAllowed = userExists(db, target);
  const { revoked, reset } = await batch(db, {
    cleared: clearFailuresStatement(db, secret, isAllowed),
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
    event: insertUserEventStatement(db, "password_reset", { userId, audit, where: isAllowed }),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: and(eq(sessions.userId, userId), isAllowed) }),
    password: insertPasswordStatement(db, { userId, hash, where: target }),
    reset: db
      .update(users)
      .set({
        credentialVersion: sql`${users.credentialVersion} + 1`,
        ...verifiedIfSentTo(secret.address, audit.at),
        updatedAt: audit.at,
      })
      .where(target)
      .returning({ id: users.id }),
    // Last: the statements above test whether the secret is open.
    spent: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(eq(oneTimeSecrets.userId, userId), isAllowed),
    }),
  });
  return reset.length === 1 ? revoked : undefined;
}

/** Stores a new hash of the same password, unless the password was replaced meanwhile. */
export async function rehashPassword(db: Db, userId: string, { before, after }: { before: string; after: string }) {
  await db
    .update(passwords)
    .set({ hash: after })
    .where(and(eq(passwords.userId, userId), eq(passwords.hash, before)));
}

/**
 * Removes the password of an account as an administrator, because another person may know it,
 * revokes every session and voids every link and code. Returns the revoked sessions, or undefined
 * if there is no such account. Its owner sets a new password by a link or a code.
 */
export async function voidPassword(
  db: Db,
  userId: string,
  notice: NewNotice,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const target = eq(users.id, userId);
  const { revoked, voided } = await batch(db, {
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
    event: insertUserEventStatement(db, "password_voided", { userId, audit }),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: eq(sessions.userId, userId) }),
    secrets: invalidateSecretsStatement(db, { at: audit.at, where: eq(oneTimeSecrets.userId, userId) }),
    password: db.delete(passwords).where(eq(passwords.userId, userId)),
    voided: db
      .update(users)
      .set({ credentialVersion: sql`${users.credentialVersion} + 1`, updatedAt: audit.at })
      .where(target)
      .returning({ id: users.id }),
  });
  return voided.length === 1 ? revoked : undefined;
}

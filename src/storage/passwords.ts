import { and, eq, exists, getTableColumns, type SQL, sql } from "drizzle-orm";
import { apiKeys, oneTimeSecrets, passwords, sessions, users } from "../../drizzle/schema.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { verifiedIfSentTo } from "./addresses.ts";
import { changeCredential, removeCredential } from "./credential-change.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { removeUnprovenFactorsStatements } from "./factor-removals.ts";
import { type FactorKeys, factorColumns, identityCount, proofStatements } from "./factors.ts";
import type { GuessSource, LockoutKey } from "./lockout-subjects.ts";
import { allowFactorGuessesStatement, clearFailuresStatement, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { invalidateSecretsStatement, isSecretHolder, type OpenSecret } from "./secrets.ts";
import { isActive, isEnabled, isSession, type Reauthenticated, userExists } from "./session-conditions.ts";
import {
  endedIn,
  type RevokedSession,
  revokeApiKeysStatements,
  revokeSessionsStatements,
} from "./session-revocation.ts";
import { cleanedColumns, takeCleanStatements } from "./taken-clean.ts";
import { keepsWayIn, type OfferedWays } from "./ways-in.ts";

const DISTRUST_MILLISECONDS = 30 * 86_400_000;

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

/**
 * Finds the user of an authorized session with the credentials to prove again, the lockout, and
 * what a proof of a second factor names.
 */
export async function findSessionCredentials(
  db: Db,
  session: SessionRef & Pick<LockoutKey, "atSecondFactor">,
  now: number,
  keys: FactorKeys = {},
) {
  const { lockout, user, totp, recoveryCode, passkey } = await batch(db, {
    lockout: lockoutStatement(db, session),
    ...proofStatements(db, session.userId, keys),
    user: db
      .select({
        ...getTableColumns(users),
        passwordHash: passwords.hash,
        authenticatedAt: sessions.authenticatedAt,
        amr: sessions.amr,
        identityCount,
        ...factorColumns,
      })
      .from(users)
      .innerJoin(sessions, eq(sessions.userId, users.id))
      .leftJoin(passwords, eq(passwords.userId, users.id))
      .where(and(isSession(session), isActive(now), isEnabled)),
  });
  const proof = { totp: totp[0], recoveryCode: recoveryCode[0], passkey: passkey[0] };
  return { lockout: lockout[0], user: user[0], proof };
}

/** Replaces the password of a user who has just proven a credential. See `changeCredential`. */
export const replacePassword = (
  db: Db,
  owner: Reauthenticated,
  { hash, notice }: { hash: string; notice: NewNotice },
  audit: AuditContext,
) =>
  changeCredential(
    db,
    owner,
    {
      event: "password_changed",
      notice,
      also: (isDone) => ({
        password: insertPasswordStatement(db, { userId: owner.session.userId, hash, where: isDone }),
      }),
    },
    audit,
  );

interface RemovedPassword {
  notice: NewNotice;
  /** The methods of the session. */
  amr: string[];
  /** When they were proven, in Unix milliseconds. */
  authenticatedAt: number;
  offered: OfferedWays;
}

/**
 * Removes the password of a user who has another way to sign in. It is no method of the session
 * anymore. See `changeCredential`.
 */
export const removePassword = (
  db: Db,
  owner: Reauthenticated,
  { notice, amr, authenticatedAt, offered }: RemovedPassword,
  audit: AuditContext,
) => {
  const { userId } = owner.session;
  const own = eq(passwords.userId, userId);
  return changeCredential(
    db,
    owner,
    {
      where: and(
        exists(db.select({ id: passwords.userId }).from(passwords).where(own)),
        keepsWayIn(db, userId, offered, { password: true }),
      ),
      event: "password_removed",
      notice,
      proof: { amr: amr.filter((method) => method !== "pwd"), at: authenticatedAt },
      also: (isDone) => ({ password: db.delete(passwords).where(and(own, isDone)) }),
    },
    audit,
  );
};

/**
 * Uses a secret to replace the password, revokes every session, voids every other secret, forgets
 * failed guesses and verifies the address that the secret was sent to. If no address was proven
 * before, the account is taken clean (`takeCleanStatements`). Second factors from before the first
 * proof are removed in any case. An address that was proven after
 * this one, within a month, is no longer proven: a person who knew the old password may have added
 * it. Returns the new version of the credentials and the revoked sessions, or undefined if the
 * secret is not open anymore. Of N concurrent calls one succeeds.
 */
export async function resetPassword(
  db: Db,
  secret: OpenSecret,
  { hash, notice, source }: { hash: string; notice: NewNotice; source: GuessSource },
  audit: AuditContext,
): Promise<{ credentialVersion: number; ended: RevokedSession[] } | undefined> {
  const { userId } = secret;
  const target = isSecretHolder(db, secret, audit.at);
  const isAllowed = userExists(db, target);
  const { address } = secret;
  const provenAt = sql`iif(${users.email} = ${address}, ${users.emailVerifiedAt}, ${users.phoneVerifiedAt})`;
  const distrusts = (kind: AddressKind) =>
    sql`(${users[kind]} <> ${address} and ${users[`${kind}VerifiedAt`]} > max(${provenAt}, ${audit.at - DISTRUST_MILLISECONDS}))`;
  const verified = verifiedIfSentTo(address, audit.at);
  const { reset, ...results } = await batch(db, {
    cleared: clearFailuresStatement(db, { ...source, account: { userId } }, isAllowed),
    allowed: allowFactorGuessesStatement(db, userId, audit.at, isAllowed),
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
    event: insertUserEventStatement(db, "password_reset", { userId, audit, where: isAllowed }),
    ...takeCleanStatements(db, secret, { audit, where: target }),
    emailDistrusted: insertUserEventStatement(db, "email_unverified", {
      userId,
      audit,
      where: and(isAllowed, distrusts("email")),
    }),
    phoneDistrusted: insertUserEventStatement(db, "phone_unverified", {
      userId,
      audit,
      where: and(isAllowed, distrusts("phone")),
    }),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: and(eq(sessions.userId, userId), isAllowed) }),
    password: insertPasswordStatement(db, { userId, hash, where: target }),
    ...removeUnprovenFactorsStatements(db, userId, isAllowed),
    reset: db
      .update(users)
      .set({
        credentialVersion: sql`${users.credentialVersion} + 1`,
        emailVerifiedAt: sql`iif(${distrusts("email")}, null, ${verified.emailVerifiedAt})`,
        phoneVerifiedAt: sql`iif(${distrusts("phone")}, null, ${verified.phoneVerifiedAt})`,
        ...cleanedColumns(address),
        updatedAt: audit.at,
      })
      .where(target)
      .returning({ credentialVersion: users.credentialVersion }),
    // Last: the statements above test whether the secret is open.
    spent: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(eq(oneTimeSecrets.userId, userId), isAllowed),
    }),
  });
  return reset[0] && { ...reset[0], ended: endedIn(results) };
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
export const voidPassword = (db: Db, userId: string, notice: NewNotice, audit: AuditContext) =>
  removeCredential(
    db,
    userId,
    {
      event: "password_voided",
      notice,
      also: () => ({
        ...revokeApiKeysStatements(db, audit.at, eq(apiKeys.userId, userId)),
        password: db.delete(passwords).where(eq(passwords.userId, userId)),
      }),
    },
    audit,
  );

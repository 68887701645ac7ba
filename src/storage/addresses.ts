import { and, eq, isNotNull, isNull, ne, not, notExists, or, sql } from "drizzle-orm";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import type { LockoutKey } from "./lockout-subjects.ts";
import { clearFailuresStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { invalidateSecretsStatement, isSecretHolder, type OpenSecret, secretIsOpen } from "./secrets.ts";
import { isSession, sessionIsAuthorized, userExists } from "./session-conditions.ts";
import {
  type CredentialChange,
  currentSession,
  insertReplacementStatement,
  newReplacement,
  replacementExists,
  revokeReplacedStatements,
  USER_CLAIMS,
} from "./session-replacement.ts";

/** Marks this address as verified in its column, unless it is verified already. */
export const verifiedIfSentTo = (address: string, at: number) => ({
  emailVerifiedAt: sql`iif(${users.email} = ${address}, coalesce(${users.emailVerifiedAt}, ${at}), ${users.emailVerifiedAt})`,
  phoneVerifiedAt: sql`iif(${users.phone} = ${address}, coalesce(${users.phoneVerifiedAt}, ${at}), ${users.phoneVerifiedAt})`,
});

/**
 * Uses a secret to verify the address that it was sent to. Returns false if it is not open anymore.
 */
export async function verifyAddress(
  db: Db,
  secret: OpenSecret,
  guess: LockoutKey,
  audit: AuditContext,
): Promise<boolean> {
  const target = isSecretHolder(db, secret, audit.at);
  const isAllowed = userExists(db, target);
  const { verified } = await batch(db, {
    cleared: clearFailuresStatement(db, guess, isAllowed),
    event: insertUserEventStatement(db, `${addressKindOf(secret.address)}_verified`, {
      userId: secret.userId,
      audit,
      where: isAllowed,
    }),
    verified: db
      .update(users)
      .set({ ...verifiedIfSentTo(secret.address, audit.at), updatedAt: audit.at })
      .where(target)
      .returning({ id: users.id }),
    // Last: the statements above test whether the secret is open.
    spent: invalidateSecretsStatement(db, { at: audit.at, where: and(eq(oneTimeSecrets.id, secret.id), isAllowed) }),
  });
  return verified.length === 1;
}

/** Distinguishes email addresses from phone numbers. */
export const addressKindOf = (address: string): AddressKind => (address.includes("@") ? "email" : "phone");

/**
 * Uses a secret to give the account the address that the secret was sent to, or to prove that
 * address if the account has it already (`wasOwn`). Gives the session a new id, revokes the user's
 * other sessions and voids every link and code. Nothing changes if the secret is not open, another
 * account has the address, or the session is not authorized.
 */
export async function changeAddress(
  db: Db,
  session: SessionRef,
  secret: OpenSecret,
  notices: { changed: NewNotice; verified: NewNotice },
  audit: AuditContext,
): Promise<CredentialChange & { wasOwn: boolean }> {
  const { userId } = session;
  const kind = addressKindOf(secret.address);
  const holdsAddress = eq(users[kind], secret.address);
  const isOwn = and(eq(users.id, userId), holdsAddress);
  const holders = db
    .select({ id: users.id })
    .from(users)
    .where(and(holdsAddress, or(ne(users.id, userId), isNotNull(users[`${kind}VerifiedAt`]))));
  const isAllowed = and(
    sessionIsAuthorized(db, session, audit.at),
    secretIsOpen(db, secret, audit.at),
    notExists(holders),
  );
  const next = newReplacement(session);
  const isReplaced = replacementExists(db, next);
  const ownSecrets = and(eq(oneTimeSecrets.userId, userId), isReplaced);
  const done = and(isSession(session), isReplaced);
  const { own, replacement, revoked, user } = await batch(db, {
    own: db.select({ id: users.id }).from(users).where(isOwn),
    replacement: insertReplacementStatement(db, next, { audit, where: isAllowed }),
    cleared: clearFailuresStatement(db, session, isReplaced),
    changedNotice: insertNoticeStatement(db, notices.changed, {
      at: audit.at,
      where: and(isReplaced, not(userExists(db, isOwn))),
    }),
    verifiedNotice: insertNoticeStatement(db, notices.verified, {
      at: audit.at,
      where: and(isReplaced, userExists(db, isOwn)),
    }),
    changedEvent: insertSessionEventsStatement(db, `${kind}_changed`, {
      audit,
      where: and(done, not(userExists(db, isOwn))),
    }),
    verifiedEvent: insertSessionEventsStatement(db, `${kind}_verified`, {
      audit,
      where: and(done, userExists(db, isOwn)),
    }),
    ...revokeReplacedStatements(db, next, { audit }),
    user: db
      .update(users)
      .set({
        [kind]: secret.address,
        [`${kind}VerifiedAt`]: audit.at,
        credentialVersion: sql`${users.credentialVersion} + 1`,
        updatedAt: audit.at,
      })
      .where(and(eq(users.id, userId), isReplaced))
      .returning(USER_CLAIMS),
    voided: invalidateSecretsStatement(db, { at: audit.at, where: ownSecrets }),
  });
  return { current: currentSession(replacement, user), ended: revoked, wasOwn: own.length === 1 };
}

interface AddressState {
  kind: AddressKind;
  value: string;
  verified: boolean;
}

/**
 * Marks an address of an account as verified or not. Returns false if the account does not have it.
 */
export async function setAddressVerified(
  db: Db,
  userId: string,
  { kind, value, verified }: AddressState,
  audit: AuditContext,
): Promise<boolean> {
  const verifiedAt = users[`${kind}VerifiedAt`];
  const isOther = verified ? isNull(verifiedAt) : isNotNull(verifiedAt);
  const { updated } = await batch(db, {
    event: insertUserEventStatement(db, `${kind}_${verified ? "verified" : "unverified"}`, {
      userId,
      audit,
      where: and(eq(users[kind], value), isOther),
    }),
    updated: db
      .update(users)
      .set({
        [`${kind}VerifiedAt`]: verified ? sql`coalesce(${verifiedAt}, ${audit.at})` : null,
        updatedAt: audit.at,
      })
      .where(and(eq(users.id, userId), eq(users[kind], value)))
      .returning({ id: users.id }),
  });
  return updated.length === 1;
}

import { and, eq, exists, isNotNull, ne, notExists, sql } from "drizzle-orm";
import { oneTimeSecrets, sessions, users } from "../../drizzle/schema.ts";
import { type AuditContext, addSessionEvents, addUserEvent } from "./audit-events.ts";
import type { Db } from "./db.ts";
import { clearFailures, findLockout, isNotLocked, type Lockout } from "./lockouts.ts";
import { addNotice, type NewNotice } from "./notices.ts";
import {
  invalidateSecrets,
  invalidateSecretsExceptAddressChanges,
  isOpen,
  type OpenSecret,
} from "./one-time-secrets.ts";
import { queueDenials, type RevokedSession, revocation } from "./revocation.ts";
import { isActive, isEnabled, type SessionRef, sessionIsAuthorized } from "./session-conditions.ts";
import type { UserRow } from "./users.ts";

/** What users set of their profile; what is undefined stays. */
export interface Profile {
  username?: string | null | undefined;
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  contact?: "email" | "phone" | null | undefined;
  shortDescription?: string | null | undefined;
  locale?: string | null | undefined;
}

/** Changes the profile, unless the username is taken or the contact names what the user does not have. `before` is the
 *  user as it was; without it the session may not act. */
export async function changeProfile(
  db: Db,
  ref: SessionRef,
  profile: Profile,
  audit: AuditContext,
): Promise<{ before: UserRow | undefined; after: UserRow | undefined }> {
  const { username, contact } = profile;
  const me = and(eq(users.id, ref.userId), sessionIsAuthorized(db, ref, audit.at));
  const holder = db.select({ id: users.id }).from(users);
  const allowed = and(
    me,
    username ? notExists(holder.where(and(eq(users.username, username), ne(users.id, ref.userId)))) : undefined,
    contact ? isNotNull(users[contact]) : undefined,
  );
  const renamed = and(allowed, sql`${users.username} is not ${username === undefined ? users.username : username}`);
  const [[before], , [after]] = await db.batch([
    db.select().from(users).where(me),
    addSessionEvents(db, "username_changed", audit, and(eq(sessions.id, ref.sessionId), userExists(db, renamed))),
    db
      .update(users)
      .set({ ...profile, updatedAt: audit.at })
      .where(allowed)
      .returning(),
  ]);
  return { before, after };
}

interface PasswordChange {
  passwordHash: string;
  /** The version that the old password was checked against. */
  passwordVersion: number;
}

/** The sessions that a change ended, undefined when it was not made, and how it stood with guesses at the password. */
export interface GuardedChange {
  lockout: Lockout | undefined;
  ended: RevokedSession[] | undefined;
}

/** Replaces the password, revokes the user's other sessions and spends every open secret, unless another change came first,
 *  guesses are blocked by now, or the session may no longer act. */
export async function replacePassword(
  db: Db,
  ref: SessionRef,
  { passwordHash, passwordVersion }: PasswordChange,
  notice: NewNotice,
  audit: AuditContext,
): Promise<GuardedChange> {
  const me = ownsPassword(db, ref, passwordVersion, audit);
  const allowed = userExists(db, me);
  const others = and(eq(sessions.userId, ref.userId), ne(sessions.id, ref.sessionId), allowed);
  const told = { kind: "password-changed", userId: ref.userId, at: audit.at } as const;
  const [[lockout], , , , , , ended, , replaced] = await db.batch([
    findLockout(db, ref),
    clearFailures(db, ref, allowed),
    addNotice(db, notice, told, me),
    addSessionEvents(db, "password_changed", audit, and(eq(sessions.id, ref.sessionId), allowed)),
    ...revocation(db, "session_revoked", audit, others),
    invalidateSecrets(db, audit.at, and(eq(oneTimeSecrets.userId, ref.userId), allowed)),
    db
      .update(users)
      .set({ passwordHash, passwordVersion: passwordVersion + 1, updatedAt: audit.at })
      .where(me)
      .returning({ id: users.id }),
  ]);
  return { lockout, ended: replaced.length === 1 ? ended : undefined };
}

/** Uses this secret to replace the password, which revokes every session, spends every other secret, forgets failed
 *  guesses and proves the address that it was sent to. Of N racing uses one is answered the sessions that ended. */
export async function resetPassword(
  db: Db,
  secret: OpenSecret,
  passwordHash: string,
  notice: NewNotice,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const me = ownsSecret(db, secret, audit.at);
  const allowed = userExists(db, me);
  const told = { kind: "password-changed", userId: secret.userId, at: audit.at } as const;
  const [, , , , , ended, reset] = await db.batch([
    clearFailures(db, secret, allowed),
    addNotice(db, notice, told, me),
    addUserEvent(db, "password_reset", audit, secret.userId, allowed),
    ...revocation(db, "session_revoked", audit, and(eq(sessions.userId, secret.userId), allowed)),
    db
      .update(users)
      .set({
        passwordHash,
        passwordVersion: sql`${users.passwordVersion} + 1`,
        ...proven(secret.address, audit.at),
        updatedAt: audit.at,
      })
      .where(me)
      .returning({ id: users.id }),
    // Last: what stands before asks whether the secret is open.
    invalidateSecrets(db, audit.at, and(eq(oneTimeSecrets.userId, secret.userId), allowed)),
  ]);
  return reset.length === 1 ? ended : undefined;
}

/** Uses this secret to prove the address that it was sent to; false when it was no longer good. */
export async function verifyAddress(db: Db, secret: OpenSecret, audit: AuditContext): Promise<boolean> {
  const me = ownsSecret(db, secret, audit.at);
  const event = secret.address.includes("@") ? "email_verified" : "phone_verified";
  const [, , verified] = await db.batch([
    clearFailures(db, secret, userExists(db, me)),
    addUserEvent(db, event, audit, secret.userId, userExists(db, me)),
    db
      .update(users)
      .set({ ...proven(secret.address, audit.at), updatedAt: audit.at })
      .where(me)
      .returning({ id: users.id }),
    invalidateSecrets(db, audit.at, and(eq(oneTimeSecrets.id, secret.id), userExists(db, me))),
  ]);
  return verified.length === 1;
}

/** Uses this secret to make the address that it was sent to the account's own, unless another account has it by now, and
 *  revokes the user's other sessions, which it answers, and spends what was sent to the old addresses; undefined when
 *  nothing changed. */
export async function changeAddress(
  db: Db,
  ref: SessionRef,
  secret: OpenSecret,
  notice: NewNotice,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const kind = secret.purpose === "email-change" ? "email" : "phone";
  const holdsAddress = eq(users[kind], secret.address);
  const me = and(
    eq(users.id, ref.userId),
    sessionIsAuthorized(db, ref, audit.at),
    exists(openSecret(db, secret, audit.at)),
    notExists(db.select({ id: users.id }).from(users).where(holdsAddress)),
  );
  const allowed = userExists(db, me);
  const others = and(eq(sessions.userId, ref.userId), ne(sessions.id, ref.sessionId), allowed);
  const changed = and(
    userExists(db, and(eq(users.id, ref.userId), holdsAddress)),
    exists(openSecret(db, secret, audit.at)),
  );
  const told = { kind: `${kind}-changed`, userId: ref.userId, at: audit.at } as const;
  const [, , , , , ended, done] = await db.batch([
    clearFailures(db, ref, allowed),
    addNotice(db, notice, told, me),
    addSessionEvents(db, `${kind}_changed`, audit, and(eq(sessions.id, ref.sessionId), allowed)),
    ...revocation(db, "session_revoked", audit, others),
    db
      .update(users)
      .set({ [kind]: secret.address, [`${kind}VerifiedAt`]: audit.at, updatedAt: audit.at })
      .where(me)
      .returning({ id: users.id }),
    invalidateSecretsExceptAddressChanges(db, audit.at, and(eq(oneTimeSecrets.userId, ref.userId), changed)),
    invalidateSecrets(db, audit.at, and(eq(oneTimeSecrets.id, secret.id), changed)),
  ]);
  return done.length === 1 ? ended : undefined;
}

/** The user whose secret this is, as long as it is good and was sent to one of their addresses. */
const ownsSecret = (db: Db, secret: OpenSecret, now: number) =>
  and(
    eq(users.id, secret.userId),
    isEnabled,
    sql`${secret.address} in (${users.email}, ${users.phone})`,
    exists(openSecret(db, secret, now)),
  );

const openSecret = (db: Db, { id }: OpenSecret, now: number) =>
  db
    .select({ id: oneTimeSecrets.id })
    .from(oneTimeSecrets)
    .where(and(eq(oneTimeSecrets.id, id), isOpen(now)));

/** Whichever of the user's addresses this is counts as verified from now on, if it did not before. */
const proven = (address: string, at: number) => ({
  emailVerifiedAt: sql`iif(${users.email} = ${address}, coalesce(${users.emailVerifiedAt}, ${at}), ${users.emailVerifiedAt})`,
  phoneVerifiedAt: sql`iif(${users.phone} = ${address}, coalesce(${users.phoneVerifiedAt}, ${at}), ${users.phoneVerifiedAt})`,
});

/** Deletes the account with all that hangs on it, unless the password was replaced, guesses are blocked by now, or the session
 *  may no longer act. Its identifiers are free again. */
export async function deleteAccount(
  db: Db,
  ref: SessionRef,
  passwordVersion: number,
  audit: AuditContext,
): Promise<GuardedChange> {
  const me = ownsPassword(db, ref, passwordVersion, audit);
  const allowed = userExists(db, me);
  const [[lockout], , ended, deleted] = await db.batch([
    findLockout(db, ref),
    addSessionEvents(db, "account_deleted", audit, and(eq(sessions.id, ref.sessionId), allowed)),
    queueDenials(db, audit.at, and(eq(sessions.userId, ref.userId), isActive(audit.at), allowed)),
    db.delete(users).where(me).returning({ id: users.id }),
  ]);
  return { lockout, ended: deleted.length === 1 ? ended : undefined };
}

/** The user, as long as the password is the one that was checked, guesses are not blocked, and the session may act. */
const ownsPassword = (db: Db, ref: SessionRef, passwordVersion: number, audit: AuditContext) =>
  and(
    eq(users.id, ref.userId),
    eq(users.passwordVersion, passwordVersion),
    isNotLocked(db, ref, audit.at),
    sessionIsAuthorized(db, ref, audit.at),
  );

const userExists = (db: Db, which: ReturnType<typeof and>) =>
  exists(db.select({ id: users.id }).from(users).where(which));

import {
  and,
  asc,
  eq,
  exists,
  gt,
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
import { oneTimeSecrets, sessions, users } from "../../drizzle/schema.ts";
import type { Profile } from "./accounts.ts";
import { type AuditContext, addUserEvent } from "./audit-events.ts";
import type { Db } from "./db.ts";
import { addNotice, type NewNotice } from "./notices.ts";
import { invalidateSecrets } from "./one-time-secrets.ts";
import { queueDenials, type RevokedSession, revocation } from "./revocation.ts";
import { isActive, isEnabled } from "./session-conditions.ts";
import { type IdentifierKind, takenOf, type UserRow } from "./users.ts";

/** The users after this id whose identifiers begin like this, in the order of their ids, at most so many. */
export const listUsers = (db: Db, prefix: string | undefined, after: string, most: number): Promise<UserRow[]> =>
  db
    .select()
    .from(users)
    .where(and(gt(users.id, after), prefix === undefined ? undefined : inArray(users.id, withPrefix(db, prefix))))
    .orderBy(asc(users.id))
    .limit(most);

/** As ranges, one query each, so that the unique indexes find them. */
function withPrefix(db: Db, prefix: string) {
  const having = (column: typeof users.id | typeof users.email | typeof users.phone | typeof users.username) =>
    db
      .select({ id: users.id })
      .from(users)
      .where(and(gte(column, prefix), lt(column, `${prefix}\u{10ffff}`)));
  return having(users.id).union(having(users.email)).union(having(users.phone)).union(having(users.username));
}

/** Disables an account, which revokes its sessions and spends its links and codes; undefined when there is no such account. */
export async function disableUser(db: Db, userId: string, audit: AuditContext): Promise<RevokedSession[] | undefined> {
  const enabled = and(eq(users.id, userId), isEnabled);
  const [found, , , , ended] = await db.batch([
    db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    addUserEvent(db, "account_disabled", audit, userId, isEnabled),
    ...revocation(db, "session_revoked", audit, eq(sessions.userId, userId)),
    invalidateSecrets(db, audit.at, eq(oneTimeSecrets.userId, userId)),
    db.update(users).set({ disabledAt: audit.at, updatedAt: audit.at }).where(enabled),
  ]);
  return found.length === 1 ? ended : undefined;
}

/** Enables an account again; false when there is no such account. */
export async function enableUser(db: Db, userId: string, audit: AuditContext): Promise<boolean> {
  const disabled = and(eq(users.id, userId), isNotNull(users.disabledAt));
  const [found] = await db.batch([
    db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    addUserEvent(db, "account_enabled", audit, userId, isNotNull(users.disabledAt)),
    db.update(users).set({ disabledAt: null, updatedAt: audit.at }).where(disabled),
  ]);
  return found.length === 1;
}

/** Gives an account these roles instead of its own; false when there is no such account. */
export async function replaceRoles(db: Db, userId: string, roles: string[], audit: AuditContext): Promise<boolean> {
  const [, done] = await db.batch([
    addUserEvent(db, "roles_changed", audit, userId),
    db.update(users).set({ roles, updatedAt: audit.at }).where(eq(users.id, userId)).returning({ id: users.id }),
  ]);
  return done.length === 1;
}

/** Deletes an account with all that hangs on it, and answers its live sessions; undefined when there is none. */
export async function deleteUser(db: Db, userId: string, audit: AuditContext): Promise<RevokedSession[] | undefined> {
  const [, ended, deleted] = await db.batch([
    addUserEvent(db, "account_deleted", audit, userId),
    queueDenials(db, audit.at, and(eq(sessions.userId, userId), isActive(audit.at))),
    db.delete(users).where(eq(users.id, userId)).returning({ id: users.id }),
  ]);
  return deleted.length === 1 ? ended : undefined;
}

/** Revokes every session of a user, and answers them; undefined when there is no such user. */
export async function endUserSessions(
  db: Db,
  userId: string,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const [found, , , ended] = await db.batch([
    db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    ...revocation(db, "session_revoked", audit, eq(sessions.userId, userId)),
  ]);
  return found.length === 1 ? ended : undefined;
}

/** What is undefined stays. */
type Change = Profile & { email: string | undefined; phone: string | undefined };

/** Changes an account, unless others have one of its new identifiers or the contact names what it does not have; a new
 *  address is not verified, and spends its links and codes. Answers the account as it was, undefined when there is none,
 *  which of the new identifiers others have, and the account as it is, undefined when nothing changed. */
export async function changeUser(
  db: Db,
  userId: string,
  change: Change,
  notices: Record<"email" | "phone", NewNotice>,
  audit: AuditContext,
): Promise<{ before: UserRow | undefined; taken: IdentifierKind[]; after: UserRow | undefined }> {
  const { email, phone, username, contact } = change;
  const me = eq(users.id, userId);
  const holders = db
    .select({ id: users.id, email: users.email, phone: users.phone, username: users.username })
    .from(users)
    .where(
      and(
        ne(users.id, userId),
        or(
          sql`false`,
          email ? eq(users.email, email) : undefined,
          phone ? eq(users.phone, phone) : undefined,
          username ? eq(users.username, username) : undefined,
        ),
      ),
    );
  const allowed = and(me, notExists(holders), contact && !change[contact] ? isNotNull(users[contact]) : undefined);
  const replaces = (kind: IdentifierKind): SQL =>
    change[kind] === undefined ? sql`false` : sql`${allowed} and ${users[kind]} is not ${change[kind]}`;
  const replaced = (kind: "email" | "phone") => ({ kind: `${kind}-changed`, userId, at: audit.at }) as const;
  const movesAway = db
    .select({ id: users.id })
    .from(users)
    .where(or(replaces("email"), replaces("phone")));
  const [[before], others, , , , , , , , [after]] = await db.batch([
    db.select().from(users).where(me),
    holders,
    addNotice(db, notices.email, replaced("email"), replaces("email")),
    addNotice(db, notices.phone, replaced("phone"), replaces("phone")),
    addUserEvent(db, "account_changed", audit, userId, allowed),
    addUserEvent(db, "username_changed", audit, userId, replaces("username")),
    addUserEvent(db, "email_changed", audit, userId, replaces("email")),
    addUserEvent(db, "phone_changed", audit, userId, replaces("phone")),
    invalidateSecrets(db, audit.at, and(eq(oneTimeSecrets.userId, userId), exists(movesAway))),
    db
      .update(users)
      .set({
        ...change,
        ...(email && { emailVerifiedAt: sql`iif(${users.email} is ${email}, ${users.emailVerifiedAt}, null)` }),
        ...(phone && { phoneVerifiedAt: sql`iif(${users.phone} is ${phone}, ${users.phoneVerifiedAt}, null)` }),
        updatedAt: audit.at,
      })
      .where(allowed)
      .returning(),
  ]);
  return { before, taken: takenOf({ email, phone, username }, others), after };
}

interface AddressState {
  kind: "email" | "phone";
  value: string;
  verified: boolean;
}

/** Has this address of the account count as verified, or not; false when the account does not have it. */
export async function setVerified(
  db: Db,
  userId: string,
  { kind, value, verified }: AddressState,
  audit: AuditContext,
): Promise<boolean> {
  const verifiedAt = users[`${kind}VerifiedAt`];
  const isOther = verified ? isNull(verifiedAt) : isNotNull(verifiedAt);
  const [, done] = await db.batch([
    addUserEvent(
      db,
      `${kind}_${verified ? "verified" : "unverified"}`,
      audit,
      userId,
      and(eq(users[kind], value), isOther),
    ),
    db
      .update(users)
      .set({
        [`${kind}VerifiedAt`]: verified ? sql`coalesce(${verifiedAt}, ${audit.at})` : null,
        updatedAt: audit.at,
      })
      .where(and(eq(users.id, userId), eq(users[kind], value)))
      .returning({ id: users.id }),
  ]);
  return done.length === 1;
}

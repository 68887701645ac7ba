import { and, eq, exists, isNotNull, ne, notExists, or, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, sessions, users } from "../../drizzle/schema.ts";
import type { AddressKind, IdentifierKind, Identifiers } from "../contract/identifiers.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { contactWithout } from "./address-conditions.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import { clearFailuresStatement, type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { invalidateSecretsStatement } from "./secrets.ts";
import { isReauthenticated, type Reauthenticated, sessionIsAuthorized, userExists } from "./session-conditions.ts";
import { type ProfileRow, takenIdentifiers, type UserRow } from "./users.ts";

/** A change of the profile. A column that is undefined keeps its value. */
export type ProfileEdit = { [Column in keyof ProfileRow]: ProfileRow[Column] | undefined };

/** `before` is undefined if the act is not allowed, `after` if nothing changed. */
interface UserChange {
  before: UserRow | undefined;
  after: UserRow | undefined;
}

/** A proof that an owner has given for a change, and the notice of it. */
interface ProvenChange {
  owner: Reauthenticated;
  notice: NewNotice;
}

/**
 * Changes the profile of a session's user, unless the username is taken or `contact` names an
 * address that the account does not have. `before` is undefined if the session is not authorized or
 * the proof no longer holds.
 *
 * A change of the username or of `contact` needs a proof: the first is a way to sign in, the second
 * decides where messages go.
 */
export async function changeProfile(
  db: Db,
  session: SessionRef,
  profile: ProfileEdit & Pick<Identifiers, "username">,
  audit: AuditContext,
  proven?: ProvenChange,
): Promise<UserChange & { lockout: Lockout | undefined }> {
  const { username, contact } = profile;
  const isOwner = proven
    ? isReauthenticated(db, proven.owner, audit.at)
    : and(eq(users.id, session.userId), sessionIsAuthorized(db, session, audit.at));
  const holder = db.select({ id: users.id }).from(users);
  const target = and(
    isOwner,
    username ? notExists(holder.where(and(eq(users.username, username), ne(users.id, session.userId)))) : undefined,
    contact ? isNotNull(users[contact]) : undefined,
  );
  const renamed = and(target, username === undefined ? sql`false` : sql`${users.username} is not ${username}`);
  const { lockout, before, after } = await batch(db, {
    lockout: lockoutStatement(db, session),
    before: db.select().from(users).where(isOwner),
    ...(proven?.owner.byGuess && { cleared: clearFailuresStatement(db, session, userExists(db, isOwner)) }),
    ...(proven && { notice: insertNoticeStatement(db, proven.notice, { at: audit.at, where: renamed }) }),
    renameEvent: insertSessionEventsStatement(db, "username_changed", {
      audit,
      where: and(eq(sessions.id, session.sessionId), userExists(db, renamed)),
    }),
    after: db
      .update(users)
      .set({ ...profile, updatedAt: audit.at })
      .where(target)
      .returning(),
  });
  return { lockout: lockout[0], before: before[0], after: after[0] };
}

/** Fields that administrators change. Undefined fields stay as they are. */
export type AccountEdit = ProfileEdit & {
  email: string | null | undefined;
  phone: string | null | undefined;
  username: string | null | undefined;
};

/**
 * Changes an account as an administrator, unless an identifier belongs to another account (`taken`)
 * or `contact` names an address that the account does not have. A new address is unverified; what
 * was sent to the old one is void, and its owner gets a notice. A new username gets a notice too.
 * `before` is undefined if there is no such account.
 */
export async function changeUser(
  db: Db,
  userId: string,
  change: AccountEdit,
  notices: Record<IdentifierKind, NewNotice>,
  audit: AuditContext,
): Promise<UserChange & { taken: IdentifierKind[] }> {
  const { email, phone, username, contact } = change;
  const target = eq(users.id, userId);
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
  const keepsContact = contact && change[contact] === undefined ? isNotNull(users[contact]) : undefined;
  const hasContact = contact && change[contact] === null ? sql`false` : keepsContact;
  const left = (kind: AddressKind) => (change[kind] === undefined ? sql`${users[kind]}` : sql`${change[kind]}`);
  const hasAddress = sql`coalesce(${left("email")}, ${left("phone")}) is not null`;
  const isAllowed = and(target, notExists(holders), hasContact, hasAddress);
  const replaces = (kind: IdentifierKind): SQL =>
    change[kind] === undefined ? sql`false` : sql`${isAllowed} and ${users[kind]} is not ${change[kind]}`;
  const movesAway = db
    .select({ id: users.id })
    .from(users)
    .where(or(replaces("email"), replaces("phone")));
  const event = { userId, audit };
  const { before, taken, after } = await batch(db, {
    before: db.select().from(users).where(target),
    taken: holders,
    emailNotice: insertNoticeStatement(db, notices.email, { at: audit.at, where: replaces("email") }),
    phoneNotice: insertNoticeStatement(db, notices.phone, { at: audit.at, where: replaces("phone") }),
    usernameNotice: insertNoticeStatement(db, notices.username, { at: audit.at, where: replaces("username") }),
    event: insertUserEventStatement(db, "account_changed", { ...event, where: isAllowed }),
    usernameEvent: insertUserEventStatement(db, "username_changed", { ...event, where: replaces("username") }),
    emailEvent: insertUserEventStatement(db, "email_changed", { ...event, where: replaces("email") }),
    phoneEvent: insertUserEventStatement(db, "phone_changed", { ...event, where: replaces("phone") }),
    voided: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(eq(oneTimeSecrets.userId, userId), exists(movesAway)),
    }),
    after: db
      .update(users)
      .set({
        ...change,
        ...(contact === undefined && email === null && { contact: contactWithout("email") }),
        ...(contact === undefined && phone === null && { contact: contactWithout("phone") }),
        ...(email !== undefined && {
          emailVerifiedAt: sql`iif(${users.email} is ${email}, ${users.emailVerifiedAt}, null)`,
        }),
        ...(phone !== undefined && {
          phoneVerifiedAt: sql`iif(${users.phone} is ${phone}, ${users.phoneVerifiedAt}, null)`,
        }),
        updatedAt: audit.at,
      })
      .where(isAllowed)
      .returning(),
  });
  return { before: before[0], taken: takenIdentifiers({ email, phone, username }, taken), after: after[0] };
}

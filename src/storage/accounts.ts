import { and, eq, exists, isNotNull, ne, notExists, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import { addSessionEvents, type Stamp } from "./audit-events.ts";
import type { Db } from "./db.ts";
import { isLive, mayAct, type SessionRef } from "./liveness.ts";
import { queueDenials, type RevokedSession, revocation } from "./revocation.ts";
import type { UserRow } from "./users.ts";

/** What users set of their profile; what is undefined stays. */
export interface Profile {
  username?: string | null | undefined;
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  contact?: "email" | "phone" | null | undefined;
  shortDescription?: string | null | undefined;
}

/** Changes the profile, unless the username is taken or the contact names what the user does not have. `before` is the
 *  user as it was; without it the session may not act. */
export async function changeProfile(
  db: Db,
  ref: SessionRef,
  profile: Profile,
  stamp: Stamp,
): Promise<{ before: UserRow | undefined; after: UserRow | undefined }> {
  const { username, contact } = profile;
  const me = and(eq(users.id, ref.userId), mayAct(db, ref, stamp.at));
  const holder = db.select({ id: users.id }).from(users);
  const allowed = and(
    me,
    username ? notExists(holder.where(and(eq(users.username, username), ne(users.id, ref.userId)))) : undefined,
    contact ? isNotNull(users[contact]) : undefined,
  );
  const renamed = and(allowed, sql`${users.username} is not ${username === undefined ? users.username : username}`);
  const [[before], , [after]] = await db.batch([
    db.select().from(users).where(me),
    addSessionEvents(db, "username_changed", stamp, and(eq(sessions.id, ref.sessionId), userExists(db, renamed))),
    db
      .update(users)
      .set({ ...profile, updatedAt: stamp.at })
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

/** Replaces the password and revokes the user's other sessions, which it answers; undefined when another change came
 *  first or the session may no longer act. */
export async function replacePassword(
  db: Db,
  ref: SessionRef,
  { passwordHash, passwordVersion }: PasswordChange,
  stamp: Stamp,
): Promise<RevokedSession[] | undefined> {
  const me = ownsPassword(db, ref, passwordVersion, stamp.at);
  const allowed = userExists(db, me);
  const others = and(eq(sessions.userId, ref.userId), ne(sessions.id, ref.sessionId), allowed);
  const [, , , ended, replaced] = await db.batch([
    addSessionEvents(db, "password_changed", stamp, and(eq(sessions.id, ref.sessionId), allowed)),
    ...revocation(db, "session_revoked", stamp, others),
    db
      .update(users)
      .set({ passwordHash, passwordVersion: passwordVersion + 1, updatedAt: stamp.at })
      .where(me)
      .returning({ id: users.id }),
  ]);
  return replaced.length === 1 ? ended : undefined;
}

/** Deletes the account with all that hangs on it, and answers its live sessions; undefined when the password was replaced
 *  or the session may no longer act. Its identifiers are free again. */
export async function deleteAccount(
  db: Db,
  ref: SessionRef,
  passwordVersion: number,
  stamp: Stamp,
): Promise<RevokedSession[] | undefined> {
  const me = ownsPassword(db, ref, passwordVersion, stamp.at);
  const allowed = userExists(db, me);
  const [, ended, deleted] = await db.batch([
    addSessionEvents(db, "account_deleted", stamp, and(eq(sessions.id, ref.sessionId), allowed)),
    queueDenials(db, stamp.at, and(eq(sessions.userId, ref.userId), isLive(stamp.at), allowed)),
    db.delete(users).where(me).returning({ id: users.id }),
  ]);
  return deleted.length === 1 ? ended : undefined;
}

/** The user, as long as the password is the one that was checked and the session may act. */
const ownsPassword = (db: Db, ref: SessionRef, passwordVersion: number, now: number) =>
  and(eq(users.id, ref.userId), eq(users.passwordVersion, passwordVersion), mayAct(db, ref, now));

const userExists = (db: Db, which: ReturnType<typeof and>) =>
  exists(db.select({ id: users.id }).from(users).where(which));

import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import { oneTimeSecrets, sessions, users } from "../../drizzle/schema.ts";
import { addUserEvent, type Stamp } from "./audit-events.ts";
import type { Db } from "./db.ts";
import { isLive } from "./liveness.ts";
import { spend } from "./one-time-secrets.ts";
import { queueDenials, type RevokedSession, revocation } from "./revocation.ts";
import type { UserRow } from "./users.ts";

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
export async function disableUser(db: Db, userId: string, stamp: Stamp): Promise<RevokedSession[] | undefined> {
  const enabled = and(eq(users.id, userId), isNull(users.disabledAt));
  const [found, , , , ended] = await db.batch([
    db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    addUserEvent(db, "account_disabled", stamp, userId, isNull(users.disabledAt)),
    ...revocation(db, "session_revoked", stamp, eq(sessions.userId, userId)),
    spend(db, stamp.at, eq(oneTimeSecrets.userId, userId)),
    db.update(users).set({ disabledAt: stamp.at, updatedAt: stamp.at }).where(enabled),
  ]);
  return found.length === 1 ? ended : undefined;
}

/** Enables an account again; false when there is no such account. */
export async function enableUser(db: Db, userId: string, stamp: Stamp): Promise<boolean> {
  const disabled = and(eq(users.id, userId), isNotNull(users.disabledAt));
  const [found] = await db.batch([
    db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    addUserEvent(db, "account_enabled", stamp, userId, isNotNull(users.disabledAt)),
    db.update(users).set({ disabledAt: null, updatedAt: stamp.at }).where(disabled),
  ]);
  return found.length === 1;
}

/** Gives an account these roles instead of its own; false when there is no such account. */
export async function replaceRoles(db: Db, userId: string, roles: string[], stamp: Stamp): Promise<boolean> {
  const [, done] = await db.batch([
    addUserEvent(db, "roles_changed", stamp, userId),
    db.update(users).set({ roles, updatedAt: stamp.at }).where(eq(users.id, userId)).returning({ id: users.id }),
  ]);
  return done.length === 1;
}

/** Deletes an account with all that hangs on it, and answers its live sessions; undefined when there is none. */
export async function deleteUser(db: Db, userId: string, stamp: Stamp): Promise<RevokedSession[] | undefined> {
  const [, ended, deleted] = await db.batch([
    addUserEvent(db, "account_deleted", stamp, userId),
    queueDenials(db, stamp.at, and(eq(sessions.userId, userId), isLive(stamp.at))),
    db.delete(users).where(eq(users.id, userId)).returning({ id: users.id }),
  ]);
  return deleted.length === 1 ? ended : undefined;
}

/** Revokes every session of a user, and answers them; undefined when there is no such user. */
export async function endUserSessions(db: Db, userId: string, stamp: Stamp): Promise<RevokedSession[] | undefined> {
  const [found, , , ended] = await db.batch([
    db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    ...revocation(db, "session_revoked", stamp, eq(sessions.userId, userId)),
  ]);
  return found.length === 1 ? ended : undefined;
}

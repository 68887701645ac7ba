import { and, eq, exists, gt, isNull } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";
import type { Value, Values } from "./prepared.ts";

/** What the tokens of a session say of it. */
export interface SessionRef {
  userId: string;
  sessionId: string;
}

/** Neither revoked nor expired. */
export const isActive = (now: Value<number>) => and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now));

/** The one that tokens name. */
export const isSession = ({ userId, sessionId }: Values<SessionRef>) =>
  and(eq(sessions.id, sessionId), eq(sessions.userId, userId));

/** Whether this session lives. */
export const sessionIsActive = (db: Db, ref: Values<SessionRef>, now: Value<number>) =>
  exists(
    db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(isSession(ref), isActive(now))),
  );

/** Not disabled. */
export const isEnabled = isNull(users.disabledAt);

/** Whether the account is there and enabled. */
export const userIsEnabled = (db: Db, userId: Value<string>) =>
  exists(
    db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, userId), isEnabled)),
  );

/** Whether this session may act for its user: it lives, and the account is enabled. Where the rows themselves are at hand,
 *  `findSessionUser` and `rotateSession` ask `isActive` and `isEnabled` for the same. */
export const sessionIsAuthorized = (db: Db, ref: SessionRef, now: number) =>
  and(sessionIsActive(db, ref, now), userIsEnabled(db, ref.userId));

import { and, eq, exists, gt, isNull } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";

/** What the tokens of a session say of it. */
export interface SessionRef {
  userId: string;
  sessionId: string;
}

/** Neither revoked nor expired. */
export const isLive = (now: number) => and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now));

/** Whether this session lives. */
export const lives = (db: Db, { userId, sessionId }: SessionRef, now: number) =>
  exists(
    db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive(now))),
  );

/** Whether this session may act for its user: it lives, and the account is not disabled. */
export const mayAct = (db: Db, ref: SessionRef, now: number) =>
  and(
    lives(db, ref, now),
    exists(
      db
        .select({ id: users.id })
        .from(users)
        .where(and(eq(users.id, ref.userId), isNull(users.disabledAt))),
    ),
  );

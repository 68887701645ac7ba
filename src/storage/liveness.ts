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

/** Whether this session may act for its user: it lives, and the account is not disabled. */
export function mayAct(db: Db, { userId, sessionId }: SessionRef, now: number) {
  return exists(
    db
      .select({ id: sessions.id })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive(now), isNull(users.disabledAt))),
  );
}

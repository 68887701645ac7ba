import { lt, type SQL, sql } from "drizzle-orm";
import { denylistOutbox, sessions } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";
import { insertSelect } from "./insert-select.ts";

/** A revoked session, as the denylist has to know it. */
export interface RevokedSession {
  id: string;
  /** When its last token expires, in Unix milliseconds. */
  expiresAt: number;
}

/** Puts the sessions that match `where` into the outbox of the denylist and returns them. */
export const queueDenialsStatement = (db: Db, revokedAt: number, where: SQL | undefined) =>
  insertSelect(
    db,
    denylistOutbox,
    { sessionId: sql`${sessions.id}`, revokedAt, expiresAt: sql`${sessions.expiresAt}` },
    sql`from ${sessions} where ${where}`,
  ).returning({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt });

/**
 * Lists at most `max` sessions that have been in the outbox since before `before`, oldest first.
 */
export const listQueuedDenials = (db: Db, before: number, max: number): Promise<RevokedSession[]> =>
  db
    .select({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt })
    .from(denylistOutbox)
    .where(lt(denylistOutbox.revokedAt, before))
    .orderBy(denylistOutbox.revokedAt)
    .limit(max);

/** Removes these sessions from the outbox. One parameter for all ids: D1 allows a hundred. */
export async function dropQueuedDenials(db: Db, sessionIds: string[]): Promise<void> {
  await db
    .delete(denylistOutbox)
    .where(sql`${denylistOutbox.sessionId} in (select value from json_each(${JSON.stringify(sessionIds)}))`);
}

import { and, lt, type SQL, sql } from "drizzle-orm";
import { denylistOutbox, sessions } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import { type AuditContext, addSessionEvents } from "./audit-events.ts";
import type { Db } from "./db.ts";
import type { Value, Values } from "./prepared.ts";
import { isActive } from "./session-conditions.ts";

/** A session that has been revoked, as the denylist has to know it. */
export interface RevokedSession {
  id: string;
  /** When its last token dies, in Unix milliseconds. */
  expiresAt: number;
}

/** Parts of a batch that revoke the live sessions among these: an event for each, a place in the denylist's outbox, and
 *  last the revocation itself, which answers them. The first two go by what the last one changes. */
export function revocation(db: Db, type: EventType, audit: Values<AuditContext>, which: SQL | undefined) {
  const live = and(which, isActive(audit.at));
  return [
    addSessionEvents(db, type, audit, live),
    queueDenials(db, audit.at, live),
    db
      .update(sessions)
      .set({ revokedAt: sql`${audit.at}` })
      .where(live)
      .returning({ id: sessions.id, expiresAt: sessions.expiresAt }),
  ] as const;
}

/** Part of a batch: puts these sessions into the denylist's outbox and answers them. */
export const queueDenials = (db: Db, revokedAt: Value<number>, which: SQL | undefined) =>
  db
    .insert(denylistOutbox)
    .select(sql`select ${sessions.id}, ${revokedAt}, ${sessions.expiresAt} from ${sessions} where ${which}`)
    .returning({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt });

/** At most so many sessions that wait in the outbox since before this time, oldest first. */
export const waitingDenials = (db: Db, before: number, most: number): Promise<RevokedSession[]> =>
  db
    .select({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt })
    .from(denylistOutbox)
    .where(lt(denylistOutbox.revokedAt, before))
    .orderBy(denylistOutbox.revokedAt)
    .limit(most);

/** Takes these sessions out of the outbox. One parameter, however many: D1 takes a hundred. */
export const dropDenials = (db: Db, sessionIds: string[]) =>
  db
    .delete(denylistOutbox)
    .where(sql`${denylistOutbox.sessionId} in (select value from json_each(${JSON.stringify(sessionIds)}))`);

import { and, lt, type SQL, sql } from "drizzle-orm";
import { apiKeys, denylistOutbox, sessions } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import { type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import type { Stale } from "./purge.ts";
import { isActive } from "./session-conditions.ts";

/**
 * Revokes the active sessions that match `where`. `revoked` lists them; those that match
 * `withEvent` as well get an event.
 *
 * The revocation comes last: the event and the outbox entry of a session are written while it is
 * still active.
 */
export function revokeSessionsStatements(
  db: Db,
  event: EventType,
  { audit, where, withEvent }: { audit: AuditContext; where: SQL | undefined; withEvent?: SQL | undefined },
) {
  const active = and(where, isActive(audit.at));
  return {
    revocationEvents: insertSessionEventsStatement(db, event, { audit, where: and(active, withEvent) }),
    denials: queueDenialsStatement(db, audit.at, active),
    revoked: db
      .update(sessions)
      .set({ revokedAt: audit.at })
      .where(active)
      .returning({ id: sessions.id, expiresAt: sessions.expiresAt }),
  };
}

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

/** How long a token of an API key is valid at most. */
export const API_KEY_TOKEN_SECONDS = 900;

/**
 * Puts the tokens of the API keys that match `where` into the outbox. In a batch it goes above the
 * deletion of the keys.
 */
export const denyApiKeysStatement = (db: Db, revokedAt: number, where: SQL | undefined) => {
  const expiresAt = revokedAt + API_KEY_TOKEN_SECONDS * 1000;
  return insertSelect(
    db,
    denylistOutbox,
    { sessionId: sql`'key:' || ${apiKeys.id}`, revokedAt, expiresAt },
    sql`from ${apiKeys} where ${where}`,
  )
    .onConflictDoUpdate({ target: denylistOutbox.sessionId, set: { revokedAt, expiresAt } })
    .returning({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt });
};

/** Deletes the API keys that match `where`, and denies their tokens. */
export const revokeApiKeysStatements = (db: Db, revokedAt: number, where: SQL | undefined) => ({
  keysDenied: denyApiKeysStatement(db, revokedAt, where),
  keysRemoved: db.delete(apiKeys).where(where).returning({ userId: apiKeys.userId }),
});

/** Returns what the results of a batch list: revoked sessions, and the tokens of API keys. */
export function endedIn(results: object): RevokedSession[] {
  const { revoked = [], keysDenied = [] } = results as Partial<Record<"revoked" | "keysDenied", RevokedSession[]>>;
  return [...revoked, ...keysDenied];
}

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

/** Entries that were revoked before `before`: all access tokens of their sessions have expired. */
export const staleDenials = (before: number): Stale => ({
  table: denylistOutbox,
  where: lt(denylistOutbox.revokedAt, before),
});

import { and, isNull, lt, type SQL, sql } from "drizzle-orm";
import { apiKeys, denylistOutbox, REVOCATION_IS_UNNUMBERED, sessions } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import { type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import type { Stale } from "./purge.ts";
import { type FeedSlice, listInSequence, nextSequence } from "./sequence.ts";
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
  insertDenialsStatement(db, revokedAt, {
    sessionId: sql`${sessions.id}`,
    expiresAt: sql`${sessions.expiresAt}`,
    source: sql`from ${sessions} where ${where}`,
  });

interface Denials {
  sessionId: SQL | string;
  expiresAt: SQL | number;
  /** The rest of the select: one entry is inserted for each row. */
  source: SQL;
}

/** Puts what `source` selects into the outbox. A later revocation replaces an earlier one. */
export function insertDenialsStatement(db: Db, revokedAt: number, { source, ...denial }: Denials) {
  const row = { ...denial, revokedAt, deniedAt: null, sequence: nextSequence(denylistOutbox, revokedAt) };
  return insertSelect(db, denylistOutbox, row, source)
    .onConflictDoUpdate({
      target: denylistOutbox.sessionId,
      set: { expiresAt: sql`excluded.expires_at`, revokedAt, deniedAt: null, sequence: sql`excluded.sequence` },
    })
    .returning({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt });
}

/** Clocks of verifiers may be slow. The feed keeps a session for so much longer than its tokens. */
export const VERIFIER_SKEW_MILLISECONDS = 60_000;

/** How long a token of an API key is valid at most. */
export const API_KEY_TOKEN_SECONDS = 900;

/**
 * Puts the tokens of the API keys that match `where` into the outbox. In a batch it goes above the
 * deletion of the keys.
 */
export const denyApiKeysStatement = (db: Db, revokedAt: number, where: SQL | undefined) =>
  insertDenialsStatement(db, revokedAt, {
    sessionId: sql`'key:' || ${apiKeys.id}`,
    expiresAt: revokedAt + API_KEY_TOKEN_SECONDS * 1000,
    source: sql`from ${apiKeys} where ${where}`,
  });

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
 * Lists at most `max` sessions that wait in the outbox since before `before`, oldest first.
 */
export const listQueuedDenials = (db: Db, before: number, max: number): Promise<RevokedSession[]> =>
  db
    .select({ id: denylistOutbox.sessionId, expiresAt: denylistOutbox.expiresAt })
    .from(denylistOutbox)
    .where(and(lt(denylistOutbox.revokedAt, before), isNull(denylistOutbox.deniedAt)))
    .orderBy(denylistOutbox.revokedAt)
    .limit(max);

/** Marks these sessions as denied. One parameter for all ids: D1 allows a hundred. */
export async function markDenied(db: Db, sessionIds: string[], deniedAt: number): Promise<void> {
  await db
    .update(denylistOutbox)
    .set({ deniedAt })
    .where(sql`${denylistOutbox.sessionId} in (select value from json_each(${JSON.stringify(sessionIds)}))`);
}

/** Lists revoked sessions in the order of their commits. */
export const listRevocations = (db: Db, slice: FeedSlice) =>
  listInSequence(db, denylistOutbox, { time: sql`revoked_at`, isUnnumbered: REVOCATION_IS_UNNUMBERED }, slice);

/** Entries that were revoked before `before`: all access tokens of their sessions have expired. */
export const staleDenials = (before: number): Stale => ({
  table: denylistOutbox,
  where: lt(denylistOutbox.revokedAt, before),
});

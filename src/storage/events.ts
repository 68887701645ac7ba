import { and, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import { auditEvents, BY_ANYONE, sessions, users } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { sessionIsAuthorized } from "./session-conditions.ts";

export type EventRow = typeof auditEvents.$inferSelect;

/** When an act happens, and where it comes from. */
export interface AuditContext {
  /** Unix time in milliseconds. */
  at: number;
  ip: string | null;
  userAgent: string | null;
  /** The Worker that called over a service binding. */
  caller: string | null;
}

/** Inserts an event of this user if the account exists and matches `where`. */
export const insertUserEventStatement = (
  db: Db,
  type: EventType,
  { userId, audit, where }: { userId: string; audit: AuditContext; where?: SQL | undefined },
) =>
  insertEventStatement(db, type, audit, {
    userId: sql`${users.id}`,
    sessionId: null,
    source: sql`from ${users} where ${and(eq(users.id, userId), where)}`,
  });

/** Inserts an event for each session that matches `where`. */
export const insertSessionEventsStatement = (
  db: Db,
  type: EventType,
  { audit, where }: { audit: AuditContext; where: SQL | undefined },
) =>
  insertEventStatement(db, type, audit, {
    userId: sql`${sessions.userId}`,
    sessionId: sql`${sessions.id}`,
    source: sql`from ${sessions} where ${where}`,
  });

interface EventRows {
  userId: SQL | string | null;
  sessionId: SQL | string | null;
  /** The rest of the select: one event is inserted for each row. */
  source: SQL;
}

/** Inserts an event for each row of `source`. */
export const insertEventStatement = (
  db: Db,
  type: EventType,
  { at, ip, userAgent, caller }: AuditContext,
  { userId, sessionId, source }: EventRows,
) =>
  insertSelect(
    db,
    auditEvents,
    { id: sql`null`, type, createdAt: at, ip, userAgent, userId, sessionId, caller },
    source,
  );

/** Inserts an event of this user if the account exists. */
export async function insertUserEvent(db: Db, type: EventType, userId: string, audit: AuditContext): Promise<void> {
  await insertUserEventStatement(db, type, { userId, audit });
}

/** Deletes at most `max` events older than `before`. */
export async function purgeEvents(db: Db, before: number, max: number): Promise<void> {
  const old = db.select({ id: auditEvents.id }).from(auditEvents).where(lt(auditEvents.createdAt, before)).limit(max);
  await db.delete(auditEvents).where(inArray(auditEvents.id, old));
}

/** The position after the last event of a page. */
export interface EventCursor {
  createdAt: number;
  id: number;
}

/** Lists at most `max` events of a user that precede the cursor, newest first. */
export async function listEventsBefore(
  db: Db,
  userId: string,
  { createdAt, id }: EventCursor,
  max: number,
): Promise<EventRow[]> {
  const before = sql`(${auditEvents.createdAt}, ${auditEvents.id}) < (${createdAt}, ${id})`;
  const { own, byAnyone } = await batch(db, latestStatements(db, and(eq(auditEvents.userId, userId), before), max));
  return [...own, ...byAnyone].sort(newestFirst).slice(0, max);
}

/**
 * Lists the latest events of a session's user: at most `max` that anyone can cause and at most
 * `max` others, newest first. Returns undefined if the session is not authorized.
 */
export async function listEvents(
  db: Db,
  session: SessionRef,
  max: number,
  now: number,
): Promise<EventRow[] | undefined> {
  const { actor, own, byAnyone } = await batch(db, {
    actor: db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now))),
    ...latestStatements(db, eq(auditEvents.userId, session.userId), max),
  });
  return actor.length === 1 ? [...own, ...byAnyone].sort(newestFirst) : undefined;
}

/** Two queries, because each half has an index of its own. */
function latestStatements(db: Db, where: SQL | undefined, max: number) {
  const latest = (half: SQL) =>
    db
      .select()
      .from(auditEvents)
      .where(and(where, half))
      .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
      .limit(max);
  return {
    own: latest(sql`${auditEvents.type} not in ${BY_ANYONE}`),
    byAnyone: latest(sql`${auditEvents.type} in ${BY_ANYONE}`),
  };
}

const newestFirst = (a: EventRow, b: EventRow) => b.createdAt - a.createdAt || b.id - a.id;

import { and, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { auditEvents, BY_ANYONE, EVENT_IS_UNNUMBERED, sessions, users } from "../../drizzle/schema.ts";
import type { ActBy } from "../contract/admin-service.ts";
import type { EventType } from "../contract/events.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import type { Stale } from "./purge.ts";
import { type FeedSlice, listInSequence, nextSequence } from "./sequence.ts";
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
  /** The administrator who acts. */
  by?: ActBy | undefined;
}

/**
 * Inserts an event of this user if the account exists and matches `where`. For null it inserts none
 * but makes the same trip, so that the response time does not reveal an unknown identifier.
 */
export const insertUserEventStatement = (
  db: Db,
  type: EventType,
  { userId, audit, where }: { userId: string | null; audit: AuditContext; where?: SQL | undefined },
) =>
  insertEventStatement(db, type, audit, {
    userId: sql`${users.id}`,
    sessionId: null,
    source: sql`from ${users} where ${and(sql`${users.id} = ${userId}`, where)}`,
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
  userId: SQL | string;
  sessionId: SQL | string | null;
  /** The rest of the select: one event is inserted for each row. */
  source: SQL;
}

/** Events of one type that an account keeps. */
const MAX_PER_USER_AND_TYPE = 50;

/**
 * Inserts an event for each row of `source`.
 *
 * Each replaces the oldest event of its user and type if there are fifty, so that no repetition
 * fills the table or pushes out events of another type. Not a trigger: remote migrations split
 * one at its semicolons.
 */
export function insertEventStatement(
  db: Db,
  type: EventType,
  { at, ip, userAgent, caller, by }: AuditContext,
  { userId, sessionId, source }: EventRows,
) {
  // A statement may insert several events of a user: the n-th replaces the n-th oldest.
  const inserted = sql`select ${userId} as event_user, ${sessionId} as event_session,
    row_number() over (partition by ${userId}) as nth ${source}`;
  const newest = sql`row_number() over (order by ${auditEvents.createdAt} desc, ${auditEvents.id} desc)`;
  const kept = sql`select ${auditEvents.id}, ${newest} as place from ${auditEvents}
    where ${auditEvents.userId} = event_user and ${auditEvents.type} = ${type}`;
  const origin = {
    createdAt: at,
    ip,
    userAgent,
    caller,
    actorId: by?.administrator ?? null,
    reason: by?.reason ?? null,
  };
  const row = {
    ...origin,
    id: sql`(select id from (${kept}) where place = ${MAX_PER_USER_AND_TYPE + 1} - nth)`,
    type,
    userId: sql`event_user`,
    sessionId: sql`event_session`,
    sequence: nextSequence(auditEvents, at),
  };
  return insertSelect(db, auditEvents, row, sql`from (${inserted}) where true`).onConflictDoUpdate({
    target: auditEvents.id,
    set: { ...origin, sessionId: sql`excluded.session_id`, sequence: sql`excluded.sequence` },
  });
}

/** Inserts an event of this user if the account exists. */
export async function insertUserEvent(db: Db, type: EventType, userId: string, audit: AuditContext): Promise<void> {
  await batch(db, { event: insertUserEventStatement(db, type, { userId, audit }) });
}

/** The position after the last event of a page. */
export interface EventCursor {
  createdAt: number;
  id: number;
}

/** A page of a list: at most `max` events that precede the cursor, by default of all types. */
interface EventSlice {
  cursor: EventCursor;
  max: number;
  types?: EventType[] | undefined;
}

/** Lists events of a user, newest first. */
export const listEvents = (db: Db, userId: string, slice: EventSlice): Promise<EventRow[]> =>
  eventsBeforeStatement(db, userId, slice);

/** Like `listEvents`, for a session's user. Returns undefined if the session is not authorized. */
export async function listOwnEvents(
  db: Db,
  session: SessionRef,
  { now, ...slice }: EventSlice & { now: number },
): Promise<EventRow[] | undefined> {
  const { actor, events } = await batch(db, {
    actor: db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now))),
    events: eventsBeforeStatement(db, session.userId, slice),
  });
  return actor.length === 1 ? events : undefined;
}

/** Lists events of all users in the order of their commits. */
export const listAllEvents = (db: Db, slice: FeedSlice): Promise<EventRow[]> =>
  listInSequence(db, auditEvents, { time: sql`created_at`, isUnnumbered: EVENT_IS_UNNUMBERED }, slice);

/**
 * Finds the events of a user, and of these types, by the index. Sorts them, whose number is
 * bounded, without one.
 */
const eventsBeforeStatement = (db: Db, userId: string, { cursor, max, types }: EventSlice) =>
  db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.userId, userId),
        types && inArray(auditEvents.type, types),
        sql`(${auditEvents.createdAt}, ${auditEvents.id}) < (${cursor.createdAt}, ${cursor.id})`,
      ),
    )
    .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
    .limit(max);

/** Events that anyone can cause from before `byAnyone`, and others from before `byOwner`. */
export const staleEvents = ({ byAnyone, byOwner }: { byAnyone: number; byOwner: number }): Stale[] => [
  { table: auditEvents, where: sql`type in ${BY_ANYONE} and ${auditEvents.createdAt} < ${byAnyone}` },
  { table: auditEvents, where: sql`type not in ${BY_ANYONE} and ${auditEvents.createdAt} < ${byOwner}` },
];

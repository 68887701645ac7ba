import { and, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import { auditEvents, BY_ANYBODY, sessions, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";
import { mayAct, type SessionRef } from "./liveness.ts";
import type { Values } from "./prepared.ts";
import { countFailure, isFree, type Target, type Throttle, throttleOf } from "./throttles.ts";

export const EVENT_TYPES = auditEvents.type.enumValues;
export type EventRow = typeof auditEvents.$inferSelect;
export type EventType = (typeof EVENT_TYPES)[number];

/** When something is done, and from where. */
export interface Stamp {
  /** Unix time in milliseconds. */
  at: number;
  ip: string | null;
  userAgent: string | null;
  /** The Worker that it came through. */
  caller: string | null;
}

/** Part of a batch: an event of this user, if there is one by now and the condition holds. */
export const addUserEvent = (db: Db, type: EventType, stamp: Stamp, userId: string, condition?: SQL) =>
  addEvents(db, type, stamp, sql`${users.id}, null`, sql`from ${users} where ${and(eq(users.id, userId), condition)}`);

/** Part of a batch: somebody gave a code for the account whose id the subquery `user` selects. It is written for no account
 *  too, so that a write does not tell one from the other. */
export const addCodePresented = (db: Db, stamp: Stamp, user: SQL, sessionId: string | null, condition: SQL) =>
  addEvents(db, "code_presented", stamp, sql`${user}, ${sessionId}`, sql`where ${condition}`);

/** Part of a batch: one event for each session that matches when its turn comes. */
export const addSessionEvents = (db: Db, type: EventType, stamp: Values<Stamp>, which: SQL | undefined) =>
  addEvents(db, type, stamp, sql`${sessions.userId}, ${sessions.id}`, sql`from ${sessions} where ${which}`);

/** Somebody failed to log in, perhaps to no account. Counts as a guess where the password was wrong; answers how it stood
 *  with guesses before. */
export async function addLoginFailure(
  db: Db,
  { target, userId, isGuess }: { target: Target; userId: string | null; isGuess: boolean },
  stamp: Stamp,
): Promise<Throttle | undefined> {
  const [[throttle]] = await db.batch([
    throttleOf(db, target),
    // Not where guesses are blocked: of many at once the list of events would tell the right one, which leaves none.
    addEvents(db, "login_failed", stamp, sql`${userId}, null`, sql`where ${isFree(db, target, stamp.at)}`),
    ...(isGuess ? [countFailure(db, target, stamp.at)] : []),
  ]);
  return throttle;
}

/** `subject` selects user and session, from this source; columns stand in the table's order. */
const addEvents = (db: Db, type: EventType, { at, ip, userAgent, caller }: Values<Stamp>, subject: SQL, source: SQL) =>
  db.insert(auditEvents).select(sql`select null, ${type}, ${at}, ${ip}, ${userAgent}, ${subject}, ${caller} ${source}`);

/** Deletes at most so many events from before this time. */
export async function purgeEvents(db: Db, before: number, most: number): Promise<void> {
  const old = db.select({ id: auditEvents.id }).from(auditEvents).where(lt(auditEvents.createdAt, before)).limit(most);
  await db.delete(auditEvents).where(inArray(auditEvents.id, old));
}

/** The user of this session gave a wrong password where it was asked for again; answers how it stood with guesses before. */
export async function addReauthenticationFailure(db: Db, ref: SessionRef, stamp: Stamp): Promise<Throttle | undefined> {
  const [[throttle]] = await db.batch([
    throttleOf(db, ref),
    addSessionEvents(
      db,
      "reauthentication_failed",
      stamp,
      and(eq(sessions.id, ref.sessionId), isFree(db, ref, stamp.at)),
    ),
    countFailure(db, ref, stamp.at),
  ]);
  return throttle;
}

/** Where a page of events ends. */
export interface EventCursor {
  createdAt: number;
  id: number;
}

/** The latest events of a user before this one, newest first, at most so many. */
export async function listEventsBefore(
  db: Db,
  userId: string,
  { createdAt, id }: EventCursor,
  most: number,
): Promise<EventRow[]> {
  const latest = (which: SQL) =>
    db
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.userId, userId),
          which,
          sql`(${auditEvents.createdAt}, ${auditEvents.id}) < (${createdAt}, ${id})`,
        ),
      )
      .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
      .limit(most);
  // Apart, because each has an index of its own.
  const halves = await db.batch([
    latest(sql`${auditEvents.type} not in ${BY_ANYBODY}`),
    latest(sql`${auditEvents.type} in ${BY_ANYBODY}`),
  ]);
  return halves.flat().sort(newestFirst).slice(0, most);
}

/** The latest events of the user whose session this is, and apart from them the latest that anybody can cause, at most so
 *  many of each, newest first; undefined when the session may not act. */
export async function listEvents(db: Db, ref: SessionRef, most: number, now: number): Promise<EventRow[] | undefined> {
  const me = and(eq(users.id, ref.userId), mayAct(db, ref, now));
  const latest = (which: SQL) =>
    db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.userId, ref.userId), which))
      .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
      .limit(most);
  const [actors, own, others] = await db.batch([
    db.select({ id: users.id }).from(users).where(me),
    latest(sql`${auditEvents.type} not in ${BY_ANYBODY}`),
    latest(sql`${auditEvents.type} in ${BY_ANYBODY}`),
  ]);
  return actors.length === 1 ? [...own, ...others].sort(newestFirst) : undefined;
}

const newestFirst = (a: EventRow, b: EventRow) => b.createdAt - a.createdAt || b.id - a.id;

/** By itself: an event of this user, if there is one. */
export const recordUserEvent = async (db: Db, type: EventType, stamp: Stamp, userId: string): Promise<void> =>
  void (await addUserEvent(db, type, stamp, userId));

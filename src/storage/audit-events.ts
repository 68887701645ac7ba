import { and, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import { auditEvents, BY_ANYONE, sessions, users } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import type { Db } from "./db.ts";
import { countFailure, findLockout, isNotLocked, type Lockout, type Target } from "./lockouts.ts";
import type { Values } from "./prepared.ts";
import { type SessionRef, sessionIsAuthorized } from "./session-conditions.ts";

export type EventRow = typeof auditEvents.$inferSelect;

/** When something is done, and from where. */
export interface AuditContext {
  /** Unix time in milliseconds. */
  at: number;
  ip: string | null;
  userAgent: string | null;
  /** The Worker that it came through. */
  caller: string | null;
}

/** Part of a batch: an event of this user, if there is one by now and the condition holds. */
export const addUserEvent = (db: Db, type: EventType, audit: AuditContext, userId: string, condition?: SQL) =>
  addEvents(db, type, audit, sql`${users.id}, null`, sql`from ${users} where ${and(eq(users.id, userId), condition)}`);

/** Part of a batch: somebody gave a code for the account whose id the subquery `user` selects. It is written for no account
 *  too, so that a write does not tell one from the other. */
export const addOtpAttempt = (db: Db, audit: AuditContext, user: SQL, sessionId: string | null, condition: SQL) =>
  addEvents(db, "otp_attempted", audit, sql`${user}, ${sessionId}`, sql`where ${condition}`);

/** Part of a batch: one event for each session that matches when its turn comes. */
export const addSessionEvents = (db: Db, type: EventType, audit: Values<AuditContext>, which: SQL | undefined) =>
  addEvents(db, type, audit, sql`${sessions.userId}, ${sessions.id}`, sql`from ${sessions} where ${which}`);

/** Somebody failed to log in, perhaps to no account. Counts as a guess where the password was wrong; answers how it stood
 *  with guesses before. */
export async function addLoginFailure(
  db: Db,
  { target, userId, isGuess }: { target: Target; userId: string | null; isGuess: boolean },
  audit: AuditContext,
): Promise<Lockout | undefined> {
  const [[lockout]] = await db.batch([
    findLockout(db, target),
    // Not where guesses are blocked: of many at once the list of events would tell the right one, which leaves none.
    addEvents(db, "login_failed", audit, sql`${userId}, null`, sql`where ${isNotLocked(db, target, audit.at)}`),
    ...(isGuess ? [countFailure(db, target, audit.at)] : []),
  ]);
  return lockout;
}

/** `subject` selects user and session, from this source; columns stand in the table's order. */
const addEvents = (
  db: Db,
  type: EventType,
  { at, ip, userAgent, caller }: Values<AuditContext>,
  subject: SQL,
  source: SQL,
) =>
  db.insert(auditEvents).select(sql`select null, ${type}, ${at}, ${ip}, ${userAgent}, ${subject}, ${caller} ${source}`);

/** Deletes at most so many events from before this time. */
export async function purgeEvents(db: Db, before: number, most: number): Promise<void> {
  const old = db.select({ id: auditEvents.id }).from(auditEvents).where(lt(auditEvents.createdAt, before)).limit(most);
  await db.delete(auditEvents).where(inArray(auditEvents.id, old));
}

/** The user of this session gave a wrong password where it was asked for again; answers how it stood with guesses before. */
export async function addReauthenticationFailure(
  db: Db,
  ref: SessionRef,
  audit: AuditContext,
): Promise<Lockout | undefined> {
  const [[lockout]] = await db.batch([
    findLockout(db, ref),
    addSessionEvents(
      db,
      "reauthentication_failed",
      audit,
      and(eq(sessions.id, ref.sessionId), isNotLocked(db, ref, audit.at)),
    ),
    countFailure(db, ref, audit.at),
  ]);
  return lockout;
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
    latest(sql`${auditEvents.type} not in ${BY_ANYONE}`),
    latest(sql`${auditEvents.type} in ${BY_ANYONE}`),
  ]);
  return halves.flat().sort(newestFirst).slice(0, most);
}

/** The latest events of the user whose session this is, and apart from them the latest that anybody can cause, at most so
 *  many of each, newest first; undefined when the session may not act. */
export async function listEvents(db: Db, ref: SessionRef, most: number, now: number): Promise<EventRow[] | undefined> {
  const me = and(eq(users.id, ref.userId), sessionIsAuthorized(db, ref, now));
  const latest = (which: SQL) =>
    db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.userId, ref.userId), which))
      .orderBy(desc(auditEvents.createdAt), desc(auditEvents.id))
      .limit(most);
  const [actors, own, others] = await db.batch([
    db.select({ id: users.id }).from(users).where(me),
    latest(sql`${auditEvents.type} not in ${BY_ANYONE}`),
    latest(sql`${auditEvents.type} in ${BY_ANYONE}`),
  ]);
  return actors.length === 1 ? [...own, ...others].sort(newestFirst) : undefined;
}

const newestFirst = (a: EventRow, b: EventRow) => b.createdAt - a.createdAt || b.id - a.id;

/** By itself: an event of this user, if there is one. */
export const recordUserEvent = async (db: Db, type: EventType, audit: AuditContext, userId: string): Promise<void> =>
  void (await addUserEvent(db, type, audit, userId));

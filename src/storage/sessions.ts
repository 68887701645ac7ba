import {
  and,
  desc,
  eq,
  exists,
  getTableColumns,
  gt,
  inArray,
  isNull,
  lt,
  lte,
  ne,
  notInArray,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import { addSessionEvents, type Stamp } from "./audit-events.ts";
import { type Db, selectRow } from "./db.ts";
import { isLive, lives, mayAct, type SessionRef } from "./liveness.ts";
import { addNotice, type NewNotice } from "./notices.ts";
import { type RevokedSession, revocation } from "./revocation.ts";
import { forgive, isFree, type Throttle, throttleOf } from "./throttles.ts";

export type SessionRow = typeof sessions.$inferSelect;

const MAX_SESSIONS = 20;

interface StartSession {
  session: SessionRow;
  /** The version that the given password was checked against. */
  passwordVersion: number;
}

/** Starts a session, unless the password was replaced or the account disabled while the hash was being computed, or guesses
 *  are blocked by now, and revokes the oldest beyond twenty. Answers how it stood with guesses too: of many at once a right one past the block must not be told from a wrong one. */
export async function startSession(
  db: Db,
  { session, passwordVersion }: StartSession,
  stamp: Stamp,
): Promise<{ throttle: Throttle | undefined; evicted: RevokedSession[] | undefined }> {
  const target = { userId: session.userId };
  const sameUser = and(
    eq(users.id, session.userId),
    eq(users.passwordVersion, passwordVersion),
    isNull(users.disabledAt),
    isFree(db, target, stamp.at),
  );
  const others = and(eq(sessions.userId, session.userId), ne(sessions.id, session.id));
  const newestOthers = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(others, isLive(stamp.at)))
    .orderBy(desc(sessions.createdAt), desc(sql`rowid`))
    .limit(MAX_SESSIONS - 1);
  const newSession = lives(db, { userId: session.userId, sessionId: session.id }, stamp.at);
  const [[throttle], , [started], , , , evicted] = await db.batch([
    throttleOf(db, target),
    forgive(db, target, exists(db.select({ id: users.id }).from(users).where(sameUser))),
    db
      .insert(sessions)
      .select(sql`${selectRow(sessions, session)} from ${users} where ${sameUser}`)
      .returning({ id: sessions.id }),
    addSessionEvents(db, "logged_in", stamp, eq(sessions.id, session.id)),
    ...revocation(db, "session_revoked", stamp, and(others, newSession, notInArray(sessions.id, newestOthers))),
  ]);
  return { throttle, evicted: started && evicted };
}

interface RotateSession extends SessionRef {
  /** Of the refresh token that was presented. */
  generation: number;
  /** All in milliseconds. */
  lifetimes: { refreshToken: number; session: number; reuseWindow: number };
}

/** Takes a refresh token's turn: the current generation makes way for the next. The one before it, as another tab or a
 *  lost answer presents it, gets what is current while the window is open. Any older one is stolen, or its successor is:
 *  the session is revoked and answered as `reused`, in a trip of its own. Of N racing requests one raises the generation. */
export async function rotateSession(db: Db, turn: RotateSession, notice: NewNotice, stamp: Stamp) {
  const { userId, sessionId, generation, lifetimes } = turn;
  const own = and(eq(sessions.id, sessionId), eq(sessions.userId, userId));
  const reused = or(
    gt(sessions.generation, generation + 1),
    and(eq(sessions.generation, generation + 1), lte(sessions.rotatedAt, stamp.at - lifetimes.reuseWindow)),
  );
  const [[rotated], [found]] = await db.batch([
    db
      .update(sessions)
      .set({
        generation: generation + 1,
        rotatedAt: stamp.at,
        lastUsedAt: stamp.at,
        expiresAt: sql`min(${stamp.at + lifetimes.refreshToken}, ${sessions.createdAt} + ${lifetimes.session})`,
        ip: stamp.ip,
        userAgent: stamp.userAgent,
      })
      .where(and(own, eq(sessions.generation, generation), mayAct(db, { userId, sessionId }, stamp.at)))
      .returning({ id: sessions.id }),
    db
      // A batch answers rows by column name, so no two may be called the same.
      .select({
        ...getTableColumns(sessions),
        emailVerifiedAt: users.emailVerifiedAt,
        roles: users.roles,
        disabledAt: users.disabledAt,
        isReused: sql<number>`${reused}`.as("is_reused"),
      })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(own, isLive(stamp.at))),
  ]);
  if (!found) return {};
  const { disabledAt, isReused, ...current } = found;
  // What was rotated just now was not before, however short the window is.
  if (isReused && !rotated) return { reused: await revokeReused(db, userId, and(own, reused), notice, stamp) };
  return disabledAt === null && current.generation === generation + 1 ? { current } : {};
}

/** Revokes a session whose token was used twice, and has its user told. What makes it so only becomes truer meanwhile. */
async function revokeReused(db: Db, userId: string, which: SQL | undefined, notice: NewNotice, stamp: Stamp) {
  const live = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(which, isLive(stamp.at)));
  const [, , , [revoked]] = await db.batch([
    addNotice(db, notice, { kind: "refresh-token-reused", userId, at: stamp.at }, exists(live)),
    ...revocation(db, "refresh_token_reused", stamp, which),
  ]);
  return revoked;
}

/** Deletes at most so many expired sessions that began before this time. */
export async function purgeSessions(db: Db, before: number, now: number, most: number): Promise<void> {
  const expired = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(lt(sessions.createdAt, before), lte(sessions.expiresAt, now)))
    .limit(most);
  await db.delete(sessions).where(inArray(sessions.id, expired));
}

export type LogoutScope = "local" | "others" | "global";

/** Revokes this session, the user's others, or all; none when this one is already dead. */
export async function endSessions(
  db: Db,
  ref: SessionRef,
  scope: LogoutScope,
  stamp: Stamp,
): Promise<RevokedSession[]> {
  const which = {
    local: eq(sessions.id, ref.sessionId),
    others: ne(sessions.id, ref.sessionId),
    global: undefined,
  }[scope];
  const own = and(eq(sessions.userId, ref.userId), which, lives(db, ref, stamp.at));
  const [, , ended] = await db.batch(revocation(db, "logged_out", stamp, own));
  return ended;
}

/** Revokes one session of the user whose session `ref` is. Undefined when `ref` may not act. */
export async function endSession(db: Db, ref: SessionRef, sessionId: string, stamp: Stamp) {
  const own = and(eq(sessions.userId, ref.userId), eq(sessions.id, sessionId));
  const allowed = mayAct(db, ref, stamp.at);
  const [actors, , , [ended]] = await db.batch([
    db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, ref.sessionId), allowed)),
    ...revocation(db, "session_revoked", stamp, and(own, allowed)),
  ]);
  return actors.length === 1 ? { ended } : undefined;
}

/** Revokes a session, whosever it is, and says whose it was. Undefined when it has ended or was none. */
export async function endAnySession(db: Db, sessionId: string, stamp: Stamp) {
  const [[owner], , , [ended]] = await db.batch([
    db.select({ userId: sessions.userId }).from(sessions).where(eq(sessions.id, sessionId)),
    ...revocation(db, "session_revoked", stamp, eq(sessions.id, sessionId)),
  ]);
  return owner && ended && { ...ended, ...owner };
}

/** The live sessions of the user whose session this is, last used first; none when it may not act. */
export const listSessions = (db: Db, ref: SessionRef, now: number): Promise<SessionRow[]> =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, ref.userId), isLive(now), mayAct(db, ref, now)))
    .orderBy(desc(sessions.lastUsedAt));

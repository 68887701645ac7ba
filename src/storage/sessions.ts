import { and, desc, eq, exists, gt, inArray, lt, lte, ne, notInArray, or, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import { type AuditContext, addSessionEvents } from "./audit-events.ts";
import { type Db, selectRow } from "./db.ts";
import { clearFailures, findLockout, isNotLocked, type Lockout } from "./lockouts.ts";
import { addNotice, type NewNotice } from "./notices.ts";
import { type Places, preparedBatch, type Values } from "./prepared.ts";
import { type RevokedSession, revocation } from "./revocation.ts";
import {
  isActive,
  isEnabled,
  isSession,
  type SessionRef,
  sessionIsActive,
  sessionIsAuthorized,
  userIsEnabled,
} from "./session-conditions.ts";

export type SessionRow = typeof sessions.$inferSelect;

const MAX_SESSIONS = 20;

interface StartSession {
  /** The address and the agent are the stamp's. */
  session: Omit<SessionRow, "ip" | "userAgent">;
  /** The version that the given password was checked against. */
  passwordVersion: number;
}

/** Starts a session, unless the password was replaced or the account disabled while the hash was being computed, or guesses
 *  are blocked by now, and revokes the oldest beyond twenty. Answers how it stood with guesses too: of many at once a right one past the block must not be told from a wrong one. */
export async function startSession(
  db: Db,
  { session, passwordVersion }: StartSession,
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; evicted: RevokedSession[] | undefined }> {
  const [[lockout], , [started], , , , evicted] = await startBatch(db, { ...session, ...audit, passwordVersion });
  return { lockout, evicted: started && evicted };
}

const startBatch = preparedBatch((db, given: Places<SessionRow & AuditContext & { passwordVersion: number }>) => {
  const { id, userId, passwordVersion, at } = given;
  const sameUser = and(
    eq(users.id, userId),
    eq(users.passwordVersion, passwordVersion),
    isEnabled,
    isNotLocked(db, { userId }, at),
  );
  const others = and(eq(sessions.userId, userId), ne(sessions.id, id));
  const newestOthers = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(others, isActive(at)))
    .orderBy(desc(sessions.createdAt), desc(sql`rowid`))
    .limit(MAX_SESSIONS - 1);
  const newSession = sessionIsActive(db, { userId, sessionId: id }, at);
  return [
    findLockout(db, { userId }),
    clearFailures(db, { userId }, exists(db.select({ id: users.id }).from(users).where(sameUser))),
    db
      .insert(sessions)
      .select(sql`${selectRow(sessions, given)} from ${users} where ${sameUser}`)
      .returning({ id: sessions.id }),
    addSessionEvents(db, "logged_in", given, eq(sessions.id, id)),
    ...revocation(db, "session_revoked", given, and(others, newSession, notInArray(sessions.id, newestOthers))),
  ];
});

/** All in milliseconds. */
interface Lifetimes {
  refreshToken: number;
  session: number;
  reuseWindow: number;
}

interface PresentedToken extends SessionRef {
  generation: number;
}

/** Takes a refresh token's turn: the current generation makes way for the next. The one before it, as another tab or a
 *  lost answer presents it, gets what is current while the window is open. Any older one is stolen, or its successor is:
 *  the session is revoked and answered as `reused`, in a trip of its own. Of N racing requests one raises the generation. */
export async function rotateSession(
  db: Db,
  { lifetimes, ...presented }: PresentedToken & { lifetimes: Lifetimes },
  notice: NewNotice,
  audit: AuditContext,
) {
  const rotation = { ...presented, ...lifetimes, ...audit };
  const [[rotated], [found]] = await rotateBatch(db, rotation);
  if (!found) return {};
  const { disabledAt, reused, ...current } = found;
  // What was rotated just now was not before, however short the window is.
  if (reused && !rotated) return { reused: await revokeReused(db, rotation, notice, audit) };
  return disabledAt === null && current.generation === rotation.generation + 1 ? { current } : {};
}

type Rotation = PresentedToken & Lifetimes & AuditContext;

const rotateBatch = preparedBatch((db, rotation: Places<Rotation>) => [
  db
    .update(sessions)
    .set({
      generation: sql`${rotation.generation} + 1`,
      rotatedAt: sql`${rotation.at}`,
      lastUsedAt: sql`${rotation.at}`,
      expiresAt: sql`min(${rotation.at} + ${rotation.refreshToken}, ${sessions.createdAt} + ${rotation.session})`,
      ip: sql`${rotation.ip}`,
      userAgent: sql`${rotation.userAgent}`,
    })
    .where(
      and(
        isSession(rotation),
        eq(sessions.generation, rotation.generation),
        isActive(rotation.at),
        userIsEnabled(db, rotation.userId),
      ),
    )
    .returning({ id: sessions.id }),
  db
    .select({
      id: sessions.id,
      generation: sessions.generation,
      createdAt: sessions.createdAt,
      expiresAt: sessions.expiresAt,
      emailVerifiedAt: users.emailVerifiedAt,
      roles: users.roles,
      disabledAt: users.disabledAt,
      reused: sql<number | null>`${isReused(rotation)}`.as("reused"),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isSession(rotation), isActive(rotation.at))),
]);

/** Whether its turn was over when it was presented: by more than one generation, or by more than the window. */
function isReused({ generation, at, reuseWindow }: Values<Rotation>) {
  const next = sql`${generation} + 1`;
  const isTooLate = lte(sessions.rotatedAt, sql`${at} - ${reuseWindow}`);
  return or(gt(sessions.generation, next), and(eq(sessions.generation, next), isTooLate));
}

/** Revokes a session whose token was used twice, and has its user told. What makes it so only becomes truer meanwhile. */
async function revokeReused(db: Db, rotation: Rotation, notice: NewNotice, audit: AuditContext) {
  const which = and(isSession(rotation), isReused(rotation));
  const live = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(which, isActive(audit.at)));
  const [, , , [revoked]] = await db.batch([
    addNotice(db, notice, { kind: "refresh-token-reused", userId: rotation.userId, at: audit.at }, exists(live)),
    ...revocation(db, "refresh_token_reused", audit, which),
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
  audit: AuditContext,
): Promise<RevokedSession[]> {
  const which = {
    local: eq(sessions.id, ref.sessionId),
    others: ne(sessions.id, ref.sessionId),
    global: undefined,
  }[scope];
  const own = and(eq(sessions.userId, ref.userId), which, sessionIsActive(db, ref, audit.at));
  const [, , ended] = await db.batch(revocation(db, "logged_out", audit, own));
  return ended;
}

/** Revokes one session of the user whose session `ref` is. Undefined when `ref` may not act. */
export async function endSession(db: Db, ref: SessionRef, sessionId: string, audit: AuditContext) {
  const own = isSession({ userId: ref.userId, sessionId });
  const allowed = sessionIsAuthorized(db, ref, audit.at);
  const [actors, , , [ended]] = await db.batch([
    db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, ref.sessionId), allowed)),
    ...revocation(db, "session_revoked", audit, and(own, allowed)),
  ]);
  return actors.length === 1 ? { ended } : undefined;
}

/** Revokes a session, whosever it is, and says whose it was. Undefined when it has ended or was none. */
export async function endAnySession(db: Db, sessionId: string, audit: AuditContext) {
  const [[owner], , , [ended]] = await db.batch([
    db.select({ userId: sessions.userId }).from(sessions).where(eq(sessions.id, sessionId)),
    ...revocation(db, "session_revoked", audit, eq(sessions.id, sessionId)),
  ]);
  return owner && ended && { ...ended, ...owner };
}

/** The live sessions of the user whose session this is, last used first; none when it may not act. */
export const listSessions = (db: Db, ref: SessionRef, now: number): Promise<SessionRow[]> =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, ref.userId), isActive(now), sessionIsAuthorized(db, ref, now)))
    .orderBy(desc(sessions.lastUsedAt));

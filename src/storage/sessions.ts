import { and, desc, eq, inArray, isNotNull, isNull, lt, lte, ne, notExists, or, type SQL, sql } from "drizzle-orm";
import { IS_UNVERIFIED, oauthClients, oneTimeSecrets, sessions, users } from "../../drizzle/schema.ts";
import type { LogoutScope } from "../contract/session.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { addressKindOf } from "./addresses.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { type FactorUse, isUsed, useFactorStatements } from "./factors.ts";
import { clearFailuresStatement, lockoutStatement } from "./lockouts.ts";
import { invalidateSecretsStatement, isSecretHolder, type OpenSecret } from "./secrets.ts";
import {
  isActive,
  isReauthenticated,
  isSession,
  type Reauthenticated,
  sessionIsActive,
  sessionIsAuthorized,
  userExists,
} from "./session-conditions.ts";
import {
  insertReplacementStatement,
  newReplacement,
  replacementExists,
  revokeReplacedStatements,
} from "./session-replacement.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";
import { distrustAllStatement } from "./trusted-devices.ts";

export type SessionRow = typeof sessions.$inferSelect;

/**
 * Records that the user of a session proved a credential again, and forgets failed guesses. The
 * session gets a new id, because its old tokens may have been stolen. `replacement` is undefined if
 * the proof no longer holds; otherwise `ended` lists the old session.
 */
export async function reauthenticateSession(
  db: Db,
  owner: Reauthenticated,
  { amr, use, code }: { amr: string[]; use?: FactorUse | undefined; code?: OpenSecret | undefined },
  audit: AuditContext,
) {
  const { session, atSecondFactor } = owner;
  const guess = { ...session, atSecondFactor };
  const { userId } = session;
  const isCode =
    code && and(isNotNull(users[`${addressKindOf(code.address)}VerifiedAt`]), isSecretHolder(db, code, audit.at));
  const isAllowed = userExists(db, and(isReauthenticated(db, owner, audit.at), isCode));
  const next = newReplacement(session);
  const isReplaced = replacementExists(db, next);
  const { lockout, replacement, revoked } = await batch(db, {
    lockout: lockoutStatement(db, guess),
    ...useFactorStatements(db, use, { userId, sessionId: next.id, audit, where: isAllowed }),
    replacement: insertReplacementStatement(db, next, {
      audit,
      where: and(isAllowed, use && isUsed(db, use, { userId, sessionId: next.id })),
      proof: { amr, at: audit.at },
    }),
    cleared: clearFailuresStatement(db, guess, isReplaced),
    event: insertSessionEventsStatement(db, "reauthenticated", { audit, where: and(isSession(session), isReplaced) }),
    ...revokeReplacedStatements(db, next, { audit, where: isSession(session) }),
    ...(code && {
      codeUsed: invalidateSecretsStatement(db, {
        at: audit.at,
        where: and(eq(oneTimeSecrets.id, code.id), isReplaced),
      }),
    }),
  });
  return { lockout: lockout[0], replacement: replacement[0], ended: revoked };
}

/** The sessions that are no longer needed, in Unix milliseconds. */
interface StaleSessions {
  /** Revoked sessions from before this time: all of their access tokens have expired. */
  revokedBefore: number;
  /** Expired sessions that were opened before this time. */
  openedBefore: number;
  now: number;
}

/**
 * Deletes at most `max` stale sessions of each kind. Returns how many it deleted. An account
 * without a verified address remembers when it was last used.
 */
export async function purgeSessions(
  db: Db,
  { revokedBefore, openedBefore, now }: StaleSessions,
  max: number,
): Promise<number> {
  const stale = (where: SQL | undefined) => {
    const ids = db.select({ id: sessions.id }).from(sessions).where(where).limit(max);
    const isStale = inArray(sessions.id, ids);
    const lastUse = db
      .select({ at: sql`max(${sessions.lastUsedAt})` })
      .from(sessions)
      .where(and(eq(sessions.userId, users.id), isStale));
    const owners = db.select({ id: sessions.userId }).from(sessions).where(isStale);
    return {
      remembered: db
        .update(users)
        .set({ lastUsedAt: sql`max(coalesce(${users.lastUsedAt}, 0), ${lastUse})` })
        .where(and(inArray(users.id, owners), IS_UNVERIFIED)),
      purged: db.delete(sessions).where(isStale),
    };
  };
  const revoked = stale(lt(sessions.revokedAt, revokedBefore));
  const isExpired = lte(sessions.expiresAt, now);
  const expired = stale(and(isNull(sessions.clientId), lt(sessions.createdAt, openedBefore), isExpired));
  const ofClients = stale(and(isNotNull(sessions.clientId), isExpired));
  const results = await batch(db, {
    revokedRemembered: revoked.remembered,
    revoked: revoked.purged,
    expiredRemembered: expired.remembered,
    expired: expired.purged,
    ofClientsRemembered: ofClients.remembered,
    ofClients: ofClients.purged,
  });
  return Math.max(...[results.revoked, results.expired, results.ofClients].map(({ meta }) => meta.changes));
}

/**
 * Revokes sessions of an active session's user and returns them. Revokes none if `reused`, a
 * condition on the session, holds, and returns undefined then. Revokes none either if the session
 * is a client's but must be one of a browser (`byBrowser`).
 */
export async function revokeSessions(
  db: Db,
  session: SessionRef,
  { scope, reused, byBrowser = false }: { scope: LogoutScope; reused?: SQL | undefined; byBrowser?: boolean },
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const inScope = {
    local: eq(sessions.id, session.sessionId),
    others: ne(sessions.id, session.sessionId),
    global: undefined,
  }[scope];
  const isReused = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(isSession(session), isActive(audit.at), reused ?? sql`false`));
  const isOfClient = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(isSession(session), isNotNull(sessions.clientId)));
  const isAllowed = and(
    sessionIsActive(db, session, audit.at),
    notExists(isReused),
    byBrowser ? notExists(isOfClient) : undefined,
  );
  const { found, revoked } = await batch(db, {
    found: isReused,
    ...(scope === "global" && { distrusted: distrustAllStatement(db, session.userId, isAllowed) }),
    ...revokeSessionsStatements(db, "logged_out", {
      audit,
      where: and(eq(sessions.userId, session.userId), inScope, isAllowed),
    }),
  });
  return found.length === 0 ? revoked : undefined;
}

/**
 * Revokes one session of the acting session's user. Returns undefined if the acting session is not
 * authorized; `revoked` is undefined if there was no such active session.
 */
export async function revokeOwnSession(db: Db, session: SessionRef, sessionId: string, audit: AuditContext) {
  const isAuthorized = sessionIsAuthorized(db, session, audit.at);
  const { actor, revoked } = await batch(db, {
    actor: db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, session.sessionId), isAuthorized)),
    ...revokeSessionsStatements(db, "session_revoked", {
      audit,
      where: and(isSession({ userId: session.userId, sessionId }), isAuthorized),
    }),
  });
  return actor.length === 1 ? { revoked: revoked[0] } : undefined;
}

/**
 * Revokes any session and returns it with its user. Returns undefined if there was no such active
 * session.
 */
export async function revokeAnySession(db: Db, sessionId: string, audit: AuditContext) {
  const { owner, revoked } = await batch(db, {
    owner: db.select({ userId: sessions.userId }).from(sessions).where(eq(sessions.id, sessionId)),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: eq(sessions.id, sessionId) }),
  });
  return owner[0] && revoked[0] && { ...revoked[0], ...owner[0] };
}

/** Revokes all sessions of a user and returns them. Returns undefined if there is no such user. */
export async function revokeUserSessions(
  db: Db,
  userId: string,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const { found, revoked } = await batch(db, {
    found: db.select({ id: users.id }).from(users).where(eq(users.id, userId)),
    distrusted: distrustAllStatement(db, userId),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: eq(sessions.userId, userId) }),
  });
  return found.length === 1 ? revoked : undefined;
}

/** A session with the client that has it; null for a browser. */
export type ListedSession = SessionRow & { client: { id: string; name: string } | null };

/**
 * Lists the active sessions of an authorized session's user, last used first: those of browsers and
 * of the operator's own clients. Other clients have none of the user's authority.
 */
export async function listSessions(db: Db, session: SessionRef, now: number): Promise<ListedSession[]> {
  const rows = await db
    .select({ session: sessions, client: { id: oauthClients.id, name: oauthClients.name } })
    .from(sessions)
    .leftJoin(oauthClients, eq(oauthClients.id, sessions.clientId))
    .where(
      and(
        eq(sessions.userId, session.userId),
        or(isNull(sessions.clientId), eq(oauthClients.firstParty, true)),
        isActive(now),
        sessionIsAuthorized(db, session, now),
      ),
    )
    .orderBy(desc(sessions.lastUsedAt));
  return rows.map((row) => ({ ...row.session, client: row.client }));
}

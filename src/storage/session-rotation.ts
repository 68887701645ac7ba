// Plain SQL: refresh is the most frequent write, and building a statement with Drizzle takes longer
// than running it. Everything rare is in `sessions.ts`.
import { and, eq, exists, gt, lte, or } from "drizzle-orm";
import { sessions } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, batchSql, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { isActive, isSession } from "./session-conditions.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";

/** All in milliseconds. */
interface Lifetimes {
  refreshToken: number;
  session: number;
  /** How long the previous refresh token is accepted. */
  reuseWindow: number;
}

/** A refresh token that was presented. */
interface PresentedToken extends PresentedGeneration {
  lifetimes: Lifetimes;
  /** True if an account without a verified address is refused. */
  mustBeVerified: boolean;
}

/** The values of a session and its user that its tokens carry. */
interface TokenSubject {
  id: string;
  generation: number;
  expiresAt: number;
  amr: string[];
  authenticatedAt: number;
  clientId: string | null;
  scope: string | null;
  emailVerifiedAt: number | null;
  roles: string[];
}

// The previous token from another user agent raises the generation too: a thief must not follow the
// owner from one token to the next. The next use of the token in between is then detected as reuse.
// Another network alone does not raise it: a phone has two, and may send from both at once.
const ROTATE = `
  update sessions
  set generation = generation + 1, rotated_at = ?4, last_used_at = ?4,
    expires_at = min(?4 + ?5, created_at + ?6), ip = ?7, user_agent = ?8
  where id = ?1 and user_id = ?2 and revoked_at is null and expires_at > ?4
    and (generation = ?3 or generation = ?3 + 1 and rotated_at > ?4 - ?9 and user_agent is not ?8)
    and exists (select 1 from users where id = ?2 and disabled_at is null
      and (not ?10 or email_verified_at is not null or phone_verified_at is not null))
  returning id`;

const FIND = `
  select sessions.id, generation, expires_at, amr, authenticated_at, client_id, scope,
    email_verified_at, roles, sessions.ip,
    disabled_at is not null or (?6 and email_verified_at is null and phone_verified_at is null) as is_refused,
    generation > ?3 + 1 or (generation = ?3 + 1 and rotated_at <= ?4 - ?5) as is_reused
  from sessions join users on users.id = sessions.user_id
  where sessions.id = ?1 and sessions.user_id = ?2 and revoked_at is null and expires_at > ?4`;

interface FoundSession {
  id: string;
  generation: number;
  expires_at: number;
  amr: string;
  authenticated_at: number;
  client_id: string | null;
  scope: string | null;
  email_verified_at: number | null;
  roles: string;
  ip: string | null;
  is_refused: number;
  is_reused: number | null;
}

/**
 * Rotates a refresh token. The previous one is accepted for `reuseWindow` and gets the current one
 * again, for a second tab or a lost response. From another network this is reported (`isReplayed`),
 * and from another user agent the token is also rotated. If the token is older, it or its successor
 * was stolen: a second query revokes the session and returns it as `reused`. Of N concurrent calls
 * from one sender, one raises the generation.
 */
export async function rotateSession(
  db: Db,
  token: PresentedToken,
  notice: NewNotice,
  audit: AuditContext,
): Promise<{ current?: TokenSubject; isReplayed?: boolean; reused?: RevokedSession | undefined }> {
  const { userId, sessionId, generation, lifetimes } = token;
  const { at, ip, userAgent } = audit;
  const mustBeVerified = Number(token.mustBeVerified);
  const { $client } = db;
  const { rotation, lookup } = await batchSql(db, {
    rotation: $client
      .prepare(ROTATE)
      .bind(
        sessionId,
        userId,
        generation,
        at,
        lifetimes.refreshToken,
        lifetimes.session,
        ip,
        userAgent,
        lifetimes.reuseWindow,
        mustBeVerified,
      ),
    lookup: $client.prepare(FIND).bind(sessionId, userId, generation, at, lifetimes.reuseWindow, mustBeVerified),
  });
  const found = lookup[0] as FoundSession | undefined;
  if (!found) return {};
  // A token that was rotated just now is not reused, however short the window is.
  const isRotated = rotation.length === 1;
  const isPrevious = found.generation === generation + 1 && !found.is_reused && !found.is_refused;
  const isReplayed = isRotated ? found.generation === generation + 2 : isPrevious && found.ip !== ip;
  if (isReplayed) await insertSessionEventsStatement(db, "refresh_token_replayed", { audit, where: isSession(token) });
  if (isRotated) return { current: toSubject(found), isReplayed };
  if (found.is_reused) {
    return { reused: await revokeReused(db, { token, reuseWindow: lifetimes.reuseWindow, notice }, audit) };
  }
  return isPrevious ? { current: toSubject(found), isReplayed } : {};
}

const toSubject = (row: FoundSession): TokenSubject => ({
  id: row.id,
  generation: row.generation,
  expiresAt: row.expires_at,
  amr: JSON.parse(row.amr),
  authenticatedAt: row.authenticated_at,
  clientId: row.client_id,
  scope: row.scope,
  emailVerifiedAt: row.email_verified_at,
  roles: JSON.parse(row.roles),
});

/** A refresh token by its session and generation. */
export interface PresentedGeneration extends SessionRef {
  generation: number;
}

/** Matches the session of this token if the token is older than the previous one still allowed. */
export const isReused = (token: PresentedGeneration, reuseWindow: number, now: number) =>
  and(
    isSession(token),
    or(
      gt(sessions.generation, token.generation + 1),
      and(eq(sessions.generation, token.generation + 1), lte(sessions.rotatedAt, now - reuseWindow)),
    ),
  );

/**
 * Revokes a session whose token was reused, and leaves a notice. Reuse cannot become untrue between
 * the query that found it and this one.
 */
export async function revokeReused(
  db: Db,
  { token, reuseWindow, notice }: { token: PresentedGeneration; reuseWindow: number; notice: NewNotice },
  audit: AuditContext,
): Promise<RevokedSession | undefined> {
  const where = isReused(token, reuseWindow, audit.at);
  const active = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(where, isActive(audit.at)));
  const { revoked } = await batch(db, {
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: exists(active) }),
    ...revokeSessionsStatements(db, "refresh_token_reused", { audit, where }),
  });
  return revoked[0];
}

// Plain SQL: refresh is the most frequent write, and building a statement with Drizzle takes longer
// than running it. Everything rare is in `sessions.ts`.
import { and, eq, exists, gt, lte, or } from "drizzle-orm";
import { sessions } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, batchSql, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { type Assertion, keepScopes, type PresentedClient, spendStatement } from "./oauth-clients.ts";
import { isActive, isSession } from "./session-conditions.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";

/** All in milliseconds. */
export interface SessionLifetimes {
  /** How long a session lasts without a refresh. */
  refreshToken: number;
  session: number;
  /** The same with the scope `offline_access`. */
  offlineRefreshToken: number;
  offlineSession: number;
}

interface Lifetimes extends SessionLifetimes {
  /** How long the previous refresh token is accepted. */
  reuseWindow: number;
}

/** A refresh token that was presented. */
interface PresentedToken extends PresentedGeneration {
  lifetimes: Lifetimes;
  /** True if an account without a verified address is refused. */
  mustBeVerified: boolean;
  /** The client that presents it. Undefined for a session that no client has. */
  client?: PresentedClient | undefined;
  /** Its session must be for this resource, if the client names one. */
  resource?: string | undefined;
  /** Its session must have these scopes, if the client names them. */
  scopes?: string[] | undefined;
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
  resource: string | null;
  emailVerifiedAt: number | null;
  roles: string[];
}

const OF_NO_CLIENT = "client_id is null";
/** The same condition as `isClient` of `oauth-clients.ts`. */
const IS_CLIENT = `select first_party, scopes, 'refresh_token' in (select value from json_each(grant_types)) as may_refresh
  from oauth_clients where id = ?11
  and case when ?13 is not null then auth_method = 'private_key_jwt'
      and exists (select 1 from spent_challenges where spent_challenges.id = ?13 and used_by = ?14)
    else iif(?12 is null, auth_method = 'none', secret_digest in (select value from json_each(?12))
    or old_secret_digest in (select value from json_each(?12)) and old_secret_expires_at > ?4) end`;
const OF_CLIENT = `client_id = ?11 and exists (${IS_CLIENT} and may_refresh)`;
/** The same condition as `keepScopes`, for one scope. */
const hasScope = (name: string) => `instr(' ' || scope || ' ', ' ' || ${name} || ' ')
  and (select scopes is null or ${name} in (select value from json_each(scopes)) from oauth_clients where id = ?11)`;
const EXPIRES_AT = "min(?4 + ?5, created_at + ?6)";
const CLIENT_EXPIRES_AT = `iif(${hasScope("'offline_access'")},
  min(?4 + ?15, created_at + ?16), ${EXPIRES_AT})`;

// The previous token from another user agent raises the generation too: a thief must not follow the
// owner from one token to the next. The next use of the token in between is then detected as reuse.
// Another network alone does not raise it: a phone has two, and may send from both at once.
const rotate = (owner: string, expiresAt: string) => `
  update sessions
  set generation = generation + 1, rotated_at = ?4, last_used_at = ?4,
    expires_at = ${expiresAt}, ip = ?7, user_agent = ?8
  where id = ?1 and user_id = ?2 and revoked_at is null and expires_at > ?4 and ${owner}
    and (generation = ?3 or generation = ?3 + 1 and rotated_at > ?4 - ?9 and user_agent is not ?8)
    and exists (select 1 from users where id = ?2 and disabled_at is null
      and (not ?10 or email_verified_at is not null or phone_verified_at is not null))
  returning id`;

const find = (owner: string) => `
  select sessions.id, generation, expires_at, amr, authenticated_at, client_id, scope, resource,
    email_verified_at, roles, sessions.ip,
    disabled_at is not null or (?10 and email_verified_at is null and phone_verified_at is null) as is_refused,
    generation > ?3 + 1 or (generation = ?3 + 1 and rotated_at <= ?4 - ?9) as is_reused
  from sessions join users on users.id = sessions.user_id
  where sessions.id = ?1 and sessions.user_id = ?2 and revoked_at is null and expires_at > ?4 and ${owner}`;

const ROTATE = rotate(OF_NO_CLIENT, EXPIRES_AT);
const IS_AS_NAMED = `(?17 is null or resource = ?17) and not exists (select 1 from json_each(?18) as named
  where not (${hasScope("named.value")}))`;
const ROTATE_OF_CLIENT = rotate(`${OF_CLIENT} and ${IS_AS_NAMED}`, CLIENT_EXPIRES_AT);
const FIND = find(OF_NO_CLIENT);
const FIND_OF_CLIENT = find(OF_CLIENT);

interface FoundSession {
  id: string;
  generation: number;
  expires_at: number;
  amr: string;
  authenticated_at: number;
  client_id: string | null;
  scope: string | null;
  resource: string | null;
  email_verified_at: number | null;
  roles: string;
  ip: string | null;
  is_refused: number;
  is_reused: number | null;
}

interface Rotation {
  /** Undefined if the token is not valid. */
  current?: TokenSubject;
  isReplayed?: boolean;
  reused?: RevokedSession | undefined;
  /** The client is one of the operator. */
  isFirstParty?: boolean;
  /** The first failed check. `client`: wrong id or secret. `grant`: it may not refresh. */
  mismatch?: "client" | "grant" | "resource" | "scope";
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
): Promise<Rotation> {
  const { userId, sessionId, generation, lifetimes, client } = token;
  const { at, ip, userAgent } = audit;
  const { $client } = db;
  const values = [
    sessionId,
    userId,
    generation,
    at,
    lifetimes.refreshToken,
    lifetimes.session,
    ip,
    userAgent,
    lifetimes.reuseWindow,
    Number(token.mustBeVerified),
  ];
  const digests = client?.secretDigests ? JSON.stringify(client.secretDigests) : null;
  const { offlineRefreshToken, offlineSession } = lifetimes;
  const { id = null, usedBy = null } = client?.assertion ?? {};
  const proofValues = client ? [client.id, digests, id, usedBy] : [];
  const named = [token.resource ?? null, JSON.stringify(token.scopes ?? [])];
  const rotationValues = client ? [offlineRefreshToken, offlineSession, ...named] : [];
  const spent: Record<never, D1PreparedStatement> = client?.assertion ? { spent: spend(db, client.assertion) } : {};
  const { rotation, lookup, proof } = await batchSql(db, {
    ...spent,
    rotation: $client.prepare(client ? ROTATE_OF_CLIENT : ROTATE).bind(...values, ...proofValues, ...rotationValues),
    lookup: $client.prepare(client ? FIND_OF_CLIENT : FIND).bind(...values, ...proofValues),
    proof: $client.prepare(client ? IS_CLIENT : "select 1").bind(...(client ? [...values, ...proofValues] : [])),
  });
  if (!proof[0]) return { mismatch: "client" };
  if (proof[0]["may_refresh"] === 0) return { mismatch: "grant" };
  const found = lookup[0] as FoundSession | undefined;
  if (!found) return {};
  if (token.resource !== undefined && token.resource !== found.resource) return { mismatch: "resource" };
  const { scopes: allowed } = proof[0];
  if (typeof allowed === "string") found.scope = keepScopes(found.scope ?? "", JSON.parse(allowed));
  if (token.scopes?.some((scope) => !found.scope?.split(" ").includes(scope))) return { mismatch: "scope" };
  // A token that was rotated just now is not reused, however short the window is.
  const isRotated = rotation.length === 1;
  const isPrevious = found.generation === generation + 1 && !found.is_reused && !found.is_refused;
  const isReplayed = isRotated ? found.generation === generation + 2 : isPrevious && found.ip !== ip;
  if (isReplayed) await insertSessionEventsStatement(db, "refresh_token_replayed", { audit, where: isSession(token) });
  const isFirstParty = proof[0]["first_party"] === 1;
  if (isRotated) return { current: toSubject(found), isReplayed, isFirstParty };
  if (found.is_reused) {
    return { reused: await revokeReused(db, { token, reuseWindow: lifetimes.reuseWindow, notice }, audit) };
  }
  return isPrevious ? { current: toSubject(found), isReplayed, isFirstParty } : {};
}

function spend(db: Db, assertion: Assertion): D1PreparedStatement {
  const { sql, params } = spendStatement(db, assertion).toSQL();
  return db.$client.prepare(sql).bind(...params);
}

const toSubject = (row: FoundSession): TokenSubject => ({
  id: row.id,
  generation: row.generation,
  expiresAt: row.expires_at,
  amr: JSON.parse(row.amr),
  authenticatedAt: row.authenticated_at,
  clientId: row.client_id,
  scope: row.scope,
  resource: row.resource,
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

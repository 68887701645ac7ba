/** Exchanging an authorization code for a session of the client. */
import { and, desc, eq, exists, gt, inArray, isNull, lte, ne, notInArray, or, type SQL, sql } from "drizzle-orm";
import { oauthCodes, sessions, users } from "../../drizzle/schema.ts";
import type { GrantType } from "../contract/oauth-client.ts";
import { somethingIsProven } from "./address-conditions.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { clientExists, clientStatements, hasGrant, isClient, type PresentedClient } from "./oauth-clients.ts";
import type { Stale } from "./purge.ts";
import { isActive, isEnabled } from "./session-conditions.ts";
import { revokeSessionsStatements } from "./session-revocation.ts";
import type { SessionLifetimes } from "./session-rotation.ts";

/** How long a spent code is kept, to notice that it is used again. */
const KEPT_MILLISECONDS = 86_400_000;

/** A code that comes again within this time was repeated by its own client, not stolen. */
const REPEAT_MILLISECONDS = 5000;

/** Sessions that a client may have with one user: an app may be installed on several devices. */
const MAX_SESSIONS = 20;

/** A code as its client presents it. */
export interface PresentedCode {
  client: PresentedClient;
  digest: string;
  /** Undefined if the client did not repeat it. */
  redirectUri: string | undefined;
  /** Of the verifier (RFC 7636 §4.6). */
  codeChallenge: string;
  /** Undefined if the client did not repeat it. */
  resource: string | undefined;
  /** The grant for which it is, which the client must have. */
  grantType: GrantType;
}

export interface RedeemOptions {
  /** True if an account without a verified address is refused. */
  mustBeVerified: boolean;
  lifetimes: SessionLifetimes;
}

/** Tests whether a scope, a column, has `offline_access`. */
const isOffline = (scope: SQL) => sql`instr(' ' || ${scope} || ' ', ' offline_access ')`;

/**
 * Exchanges a code for a session of the client, once. The session of the browser must still be
 * active: it ends with every change of the account that a proof before does not survive.
 *
 * `client` is undefined if the client is not the one that it says; then nothing happens. `opened`
 * is undefined if the code is wrong, spent, expired or for another resource. `reused` are the
 * sessions of `userId` that ended because the code was used before.
 */
export const redeemCode = async (db: Db, code: PresentedCode, options: RedeemOptions, audit: AuditContext) =>
  redeemed(await batch(db, redeemStatements(db, code, options, audit)));

/** The statements of `redeemCode`. `redeemed` reads their results. */
export function redeemStatements(
  db: Db,
  { client: presented, digest, redirectUri, codeChallenge, resource, grantType }: PresentedCode,
  { mustBeVerified, lifetimes }: RedeemOptions,
  audit: AuditContext,
) {
  const { at, ip, userAgent } = audit;
  const id = crypto.randomUUID();
  const isOwn = and(
    eq(oauthCodes.digest, digest),
    eq(oauthCodes.clientId, presented.id),
    clientExists(db, and(isClient(presented, at), hasGrant(grantType))),
  );
  const isPresented = and(
    isOwn,
    isNull(oauthCodes.spentAt),
    gt(oauthCodes.expiresAt, at),
    eq(oauthCodes.codeChallenge, codeChallenge),
    redirectUri === undefined ? undefined : eq(oauthCodes.redirectUri, redirectUri),
    resource === undefined ? undefined : eq(oauthCodes.resource, resource),
  );
  const browser = sql`select 1 from sessions as browser where browser.id = ${oauthCodes.sessionId}
    and browser.revoked_at is null and browser.expires_at > ${at}`;
  const isSpentByThis = and(eq(oauthCodes.digest, digest), eq(oauthCodes.usedBy, id));
  const first = db
    .select({ id: oauthCodes.usedBy })
    .from(oauthCodes)
    .where(and(isOwn, lte(oauthCodes.spentAt, at - REPEAT_MILLISECONDS)));
  const others = sql`${sessions.userId} = (select user_id from oauth_codes where ${isSpentByThis})`;
  const ofClient = and(others, eq(sessions.clientId, presented.id), ne(sessions.id, id));
  const newest = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(ofClient, isActive(at)))
    .orderBy(desc(sessions.lastUsedAt))
    .limit(MAX_SESSIONS - 1);
  const offline = isOffline(sql`${oauthCodes.scope}`);
  const { refreshToken, session, offlineRefreshToken, offlineSession } = lifetimes;
  const lifetime = sql`iif(${offline}, ${Math.min(offlineRefreshToken, offlineSession)}, ${Math.min(refreshToken, session)})`;
  const isOpen = exists(db.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, id)));
  const reuse = revokeSessionsStatements(db, "authorization_code_reused", {
    audit,
    where: inArray(sessions.id, first),
  });
  const surplus = revokeSessionsStatements(db, "session_revoked", {
    audit,
    where: and(ofClient, notInArray(sessions.id, newest), isOpen),
  });
  return {
    ...clientStatements(db, presented, at),
    owner: db.select({ userId: oauthCodes.userId, resource: oauthCodes.resource }).from(oauthCodes).where(isOwn),
    reuseEvents: reuse.revocationEvents,
    reuseDenials: reuse.denials,
    reused: reuse.revoked,
    spent: db.update(oauthCodes).set({ spentAt: at, usedBy: id }).where(isPresented),
    opened: insertSelect(
      db,
      sessions,
      {
        id,
        userId: sql`${oauthCodes.userId}`,
        generation: 0,
        createdAt: at,
        rotatedAt: null,
        lastUsedAt: at,
        expiresAt: sql`${at} + ${lifetime}`,
        revokedAt: null,
        userAgent,
        ip,
        amr: sql`${oauthCodes.amr}`,
        authenticatedAt: sql`${oauthCodes.authenticatedAt}`,
        clientId: presented.id,
        scope: sql`${oauthCodes.scope}`,
        resource: sql`${oauthCodes.resource}`,
      },
      sql`from ${oauthCodes} join ${users} on ${eq(users.id, oauthCodes.userId)}
        where ${and(isSpentByThis, isEnabled, mustBeVerified ? somethingIsProven : undefined, sql`exists (${browser})`)}`,
    ).returning(),
    event: insertSessionEventsStatement(db, "client_signed_in", { audit, where: eq(sessions.id, id) }),
    surplusEvents: surplus.revocationEvents,
    surplusDenials: surplus.denials,
    surplus: surplus.revoked,
    granted: db
      .select({ user: users, nonce: oauthCodes.nonce })
      .from(oauthCodes)
      .innerJoin(users, eq(users.id, oauthCodes.userId))
      .where(isSpentByThis),
  };
}

type Redemption = Awaited<ReturnType<typeof batch<ReturnType<typeof redeemStatements>>>>;

/** Reads what the statements of a redemption did. */
export function redeemed(results: Redemption) {
  const [opened] = results.opened;
  const [owner] = results.owner;
  return {
    client: results.client[0],
    opened: opened && results.granted[0] && { session: opened, ...results.granted[0] },
    evicted: results.surplus,
    userId: owner?.userId,
    /** Of the code. Null for the service itself. */
    resource: owner?.resource,
    reused: results.reused,
  };
}

/** Codes that nobody used, and used ones whose reuse no longer matters. */
export const staleCodes = (now: number): Stale => ({
  table: oauthCodes,
  where: and(
    lte(oauthCodes.expiresAt, now),
    or(isNull(oauthCodes.spentAt), lte(oauthCodes.expiresAt, now - KEPT_MILLISECONDS)),
  ),
});

import { and, asc, desc, eq, exists, gt, isNull, or, type SQL, sql } from "drizzle-orm";
import { oauthClients, oauthCodes, oauthGrants, sessions } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect, type SelectedRow } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { isActive, sessionIsAuthorized } from "./session-conditions.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";

/** What a client asks a user for. */
export interface GrantRequest {
  userId: string;
  clientId: string;
  /** Undefined for the service itself. */
  resource: string | undefined;
  scopes: string[];
}

const isGrant = ({ userId, clientId, resource = "" }: Omit<GrantRequest, "scopes">) =>
  and(eq(oauthGrants.userId, userId), eq(oauthGrants.clientId, clientId), eq(oauthGrants.resource, resource));

/** Finds what a user has allowed a client before. */
export const grantStatement = (db: Db, request: Omit<GrantRequest, "scopes">) =>
  db.select({ scopes: oauthGrants.scopes }).from(oauthGrants).where(isGrant(request));

/** Tests whether the user has allowed the client all that it asks for. */
export const isGranted = (db: Db, { scopes, ...request }: GrantRequest) => {
  const missing = sql`select 1 from json_each(${JSON.stringify(scopes)}) as asked
    where asked.value not in (select value from json_each(${oauthGrants.scopes}))`;
  return exists(
    db
      .select({ id: oauthGrants.userId })
      .from(oauthGrants)
      .where(and(isGrant(request), sql`not exists (${missing})`)),
  );
};

const UNION_OF_SCOPES = sql`(select json_group_array(value) from (
  select value from json_each(${oauthGrants.scopes}) union select value from json_each(excluded.scopes)))`;

/**
 * Adds what a user allows to what they allowed before. `source` is as in `insertSelect`; it needs a
 * `where`.
 */
export const addGrantStatement = (db: Db, grant: SelectedRow<typeof oauthGrants.$inferInsert>, source: SQL) =>
  insertSelect(db, oauthGrants, grant, source).onConflictDoUpdate({
    target: [oauthGrants.userId, oauthGrants.clientId, oauthGrants.resource],
    set: { grantedAt: sql`excluded.granted_at`, scopes: UNION_OF_SCOPES },
  });

/**
 * Lists what a session's user has allowed, and the active sessions of clients, last used first.
 * Returns undefined if the session is not authorized.
 */
export async function listGrants(db: Db, session: SessionRef, now: number) {
  // A batch returns rows by column name: no two columns of a join may have the same one.
  const client = { clientId: oauthClients.id, name: oauthClients.name, firstParty: oauthClients.firstParty };
  const { actor, granted, open } = await batch(db, {
    actor: db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.id, session.sessionId), sessionIsAuthorized(db, session, now))),
    granted: db
      .select({
        ...client,
        resource: oauthGrants.resource,
        scopes: oauthGrants.scopes,
        grantedAt: oauthGrants.grantedAt,
      })
      .from(oauthGrants)
      .innerJoin(oauthClients, eq(oauthClients.id, oauthGrants.clientId))
      .where(eq(oauthGrants.userId, session.userId))
      .orderBy(asc(oauthClients.name), asc(oauthGrants.grantedAt)),
    open: db
      .select({
        ...client,
        resource: sessions.resource,
        scope: sessions.scope,
        createdAt: sessions.createdAt,
        lastUsedAt: sessions.lastUsedAt,
      })
      .from(sessions)
      .innerJoin(oauthClients, eq(oauthClients.id, sessions.clientId))
      .where(and(eq(sessions.userId, session.userId), isActive(now)))
      .orderBy(desc(sessions.lastUsedAt)),
  });
  return actor.length === 1 ? { granted, open } : undefined;
}

/**
 * Revokes what a session's user has allowed a client, and the client's sessions and codes. Returns
 * undefined if the session is not authorized, or the client had nothing.
 */
export async function revokeGrants(
  db: Db,
  session: SessionRef,
  clientId: string,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const isAllowed = sessionIsAuthorized(db, session, audit.at);
  const { userId } = session;
  const ofClient = and(eq(sessions.userId, userId), eq(sessions.clientId, clientId));
  const isGranted = and(eq(oauthGrants.userId, userId), eq(oauthGrants.clientId, clientId));
  const ofCodes = and(eq(oauthCodes.userId, userId), eq(oauthCodes.clientId, clientId));
  const isOpen = and(ofCodes, isNull(oauthCodes.spentAt), gt(oauthCodes.expiresAt, audit.at));
  const hasAccess = or(
    exists(db.select({ id: oauthCodes.clientId }).from(oauthCodes).where(isOpen)),
    exists(db.select({ id: oauthGrants.clientId }).from(oauthGrants).where(isGranted)),
    // In a statement on sessions itself, SQLite needs another name for them.
    sql`exists (select 1 from sessions as theirs where theirs.user_id = ${userId} and theirs.client_id = ${clientId}
      and theirs.revoked_at is null and theirs.expires_at > ${audit.at})`,
  );
  const { open, revoked, removed } = await batch(db, {
    open: db.select({ id: oauthCodes.clientId }).from(oauthCodes).where(and(isOpen, isAllowed)),
    event: insertSessionEventsStatement(db, "grant_revoked", {
      audit,
      where: and(eq(sessions.id, session.sessionId), isAllowed, hasAccess),
    }),
    // A code that has not been exchanged yet would open a session.
    codes: db.delete(oauthCodes).where(and(ofCodes, isAllowed)),
    removed: db.delete(oauthGrants).where(and(isGranted, isAllowed)).returning({ id: oauthGrants.clientId }),
    // Last: the client that acts may revoke its own session.
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: and(ofClient, isAllowed) }),
  });
  return open.length + removed.length + revoked.length > 0 ? revoked : undefined;
}

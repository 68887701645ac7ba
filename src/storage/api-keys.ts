/**
 * API keys of users and of OAuth clients.
 *
 * Finding a key is one read. Its use is recorded apart, at most once a minute.
 */
import {
  and,
  asc,
  eq,
  exists,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { apiKeys, oauthClients, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { somethingIsProven } from "./address-conditions.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertEventStatement, insertSessionEventsStatement } from "./events.ts";
import { clearFailuresStatement, type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { clientExists, clientStatements, hasGrant, type PresentedClient } from "./oauth-clients.ts";
import type { Stale } from "./purge.ts";
import {
  isEnabled,
  isReauthenticated,
  isSession,
  type Reauthenticated,
  sessionIsAuthorized,
  userExists,
} from "./session-conditions.ts";
import { revokeApiKeysStatements } from "./session-revocation.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** How many keys a user or a client can have. */
export const MAX_API_KEYS = 50;

/** How long an expired key stays in the list. */
const EXPIRED_MILLISECONDS = 30 * 86_400_000;

/** The owner of a key. */
export type ApiKeyOwner = { userId: string } | { clientId: string };

const isOwnedBy = (owner: ApiKeyOwner) =>
  "userId" in owner ? eq(apiKeys.userId, owner.userId) : eq(apiKeys.clientId, owner.clientId);

const areFew = (owner: ApiKeyOwner) =>
  sql`(select count(*) from ${apiKeys} where ${isOwnedBy(owner)}) < ${MAX_API_KEYS}`;

/** Inserts a key if `where` holds. */
const insertStatement = (db: Db, key: ApiKeyRow, where: SQL | undefined) =>
  insertSelect(db, apiKeys, key, sql`where ${where}`).returning({ id: apiKeys.id });

/** Lists the keys of an owner, oldest first. */
export const listApiKeys = (db: Db, owner: ApiKeyOwner): Promise<ApiKeyRow[]> =>
  db.select().from(apiKeys).where(isOwnedBy(owner)).orderBy(asc(apiKeys.createdAt));

/** As `listApiKeys`, for a session's user. Returns undefined if the session is not authorized. */
export async function listOwnApiKeys(db: Db, session: SessionRef, now: number): Promise<ApiKeyRow[] | undefined> {
  const { userId } = session;
  const { actor, list } = await batch(db, {
    actor: db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, userId), sessionIsAuthorized(db, session, now))),
    list: db.select().from(apiKeys).where(isOwnedBy({ userId })).orderBy(asc(apiKeys.createdAt)),
  });
  return actor.length === 1 ? list : undefined;
}

/**
 * Adds a key of a user who has just proven a credential, and tells them. Adds none if the proof no
 * longer holds, or the user has too many.
 */
export async function addOwnApiKey(
  db: Db,
  owner: Reauthenticated,
  { key, notice }: { key: ApiKeyRow; notice: NewNotice },
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; isAdded: boolean }> {
  const { session, byGuess } = owner;
  const isAllowed = and(userExists(db, isReauthenticated(db, owner, audit.at)), areFew(session));
  const isAdded = exists(db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, key.id)));
  const { lockout, added } = await batch(db, {
    lockout: lockoutStatement(db, session),
    added: insertStatement(db, key, isAllowed),
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: isAdded }),
    event: insertSessionEventsStatement(db, "api_key_created", { audit, where: and(isSession(session), isAdded) }),
    ...(byGuess && { cleared: clearFailuresStatement(db, session, isAdded) }),
  });
  return { lockout: lockout[0], isAdded: added.length === 1 };
}

/**
 * Adds a key of a client that acts for itself. Returns false if there is none, or it has too many.
 */
export async function addClientApiKey(db: Db, key: ApiKeyRow & { clientId: string }): Promise<boolean> {
  const { clientId } = key;
  const isAllowed = and(clientExists(db, and(eq(oauthClients.id, clientId), actsForItself)), areFew({ clientId }));
  const { added } = await batch(db, { added: insertStatement(db, key, isAllowed) });
  return added.length === 1;
}

/** Revokes a key of a session's user, and its tokens. Returns undefined if there is none. */
export async function revokeOwnApiKey(db: Db, session: SessionRef, id: string, audit: AuditContext) {
  const own = and(eq(apiKeys.id, id), eq(apiKeys.userId, session.userId), sessionIsAuthorized(db, session, audit.at));
  return revoke(db, own, session.sessionId, audit);
}

/**
 * Revokes a key of anybody, and its tokens, and tells the user who has it. Returns undefined if
 * there is none.
 */
export async function revokeApiKey(db: Db, id: string, noticeId: string, audit: AuditContext) {
  return revoke(db, eq(apiKeys.id, id), null, audit, noticeId);
}

async function revoke(
  db: Db,
  where: ApiKeyCondition,
  sessionId: string | null,
  audit: AuditContext,
  noticeId?: string,
) {
  const userId = sql`(select ${apiKeys.userId} from ${apiKeys} where ${where})`;
  const notice = noticeId && { id: noticeId, kind: "api-key-revoked" as const, userId, locale: null };
  const { keysDenied, keysRemoved } = await batch(db, {
    ...(notice && { notice: insertNoticeStatement(db, notice, { at: audit.at, where: undefined }) }),
    event: insertEventStatement(db, "api_key_revoked", audit, {
      userId: sql`${apiKeys.userId}`,
      sessionId,
      source: sql`from ${apiKeys} where ${and(where, isNotNull(apiKeys.userId))}`,
    }),
    ...revokeApiKeysStatements(db, audit.at, where),
  });
  return keysRemoved[0] && { ...keysRemoved[0], ended: keysDenied };
}

/** A key as it was presented: its id, and its digest under each pepper. */
export interface PresentedApiKey {
  id: string;
  digests: string[];
}

/** A condition on keys. */
export type ApiKeyCondition = SQL | undefined;

/** Matches the key that was presented. */
export const isApiKey = ({ id, digests }: PresentedApiKey) => and(eq(apiKeys.id, id), inArray(apiKeys.digest, digests));

/** Matches the key with this id, which a token of the key names. */
export const hasApiKeyId = (id: string) => eq(apiKeys.id, id);

/** Matches a key whose user may sign in. */
const ofUser = (mustBeVerified: boolean) =>
  and(isNotNull(users.id), isEnabled, mustBeVerified ? somethingIsProven : undefined);

/** Matches a client that gets tokens without a user. */
const actsForItself = hasGrant("client_credentials");

/** Selects the key that matches `where`, with what limits it, if its owner may act. */
export const apiKeyStatement = (
  db: Db,
  where: ApiKeyCondition,
  { mustBeVerified }: { mustBeVerified: boolean },
  now: number,
) =>
  db
    .select({
      ...getTableColumns(apiKeys),
      emailVerifiedAt: users.emailVerifiedAt,
      isFirstParty: oauthClients.firstParty,
      /** The scopes that the client may have. Null for all. */
      clientScopes: sql<string[] | null>`${oauthClients.scopes}`.mapWith(oauthClients.scopes).as("client_scopes"),
    })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(oauthClients, eq(oauthClients.id, apiKeys.clientId))
    .where(
      and(
        where,
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
        or(ofUser(mustBeVerified), and(isNotNull(oauthClients.id), actsForItself)),
      ),
    );

/** Finds a key for a client that asks about it. `client` is undefined if it is not that one. */
export async function inspectApiKey(
  db: Db,
  client: PresentedClient,
  where: ApiKeyCondition,
  conditions: { mustBeVerified: boolean },
  now: number,
) {
  const found = await batch(db, {
    ...clientStatements(db, client, now),
    apiKey: apiKeyStatement(db, where, conditions, now),
  });
  return { client: found.client[0], apiKey: found.apiKey[0] };
}

export type FoundApiKey = Awaited<ReturnType<typeof apiKeyStatement>>[number];

/** How exact `lastUsedAt` is: keys that are used often cause few writes. */
export const USE_MILLISECONDS = 60_000;

/** Records a use of a key, at most one a minute, and its digest under the newest pepper. */
export async function recordApiKeyUse(
  db: Db,
  { id, digest }: { id: string; digest: string },
  now: number,
): Promise<void> {
  const isOld = or(
    isNull(apiKeys.lastUsedAt),
    lt(apiKeys.lastUsedAt, now - USE_MILLISECONDS),
    ne(apiKeys.digest, digest),
  );
  await db
    .update(apiKeys)
    .set({ lastUsedAt: now, digest })
    .where(and(eq(apiKeys.id, id), isOld));
}

/** Keys that expired long ago. */
export const staleApiKeys = (now: number): Stale => ({
  table: apiKeys,
  where: lt(apiKeys.expiresAt, now - EXPIRED_MILLISECONDS),
});

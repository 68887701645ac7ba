import { and, asc, eq, exists, gt, inArray, lt, ne, or, type SQL, sql } from "drizzle-orm";
import {
  apiKeys,
  IS_UNREGISTERED,
  oauthClients,
  oauthCodes,
  oauthGrants,
  sessions,
  spentChallenges,
} from "../../drizzle/schema.ts";
import type { GrantType } from "../contract/oauth-client.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import type { Stale } from "./purge.ts";
import {
  denyApiKeysStatement,
  insertDenialsStatement,
  type RevokedSession,
  revokeSessionsStatements,
} from "./session-revocation.ts";

export type ClientRow = typeof oauthClients.$inferSelect;

/** Bounds the list, which has no pages. */
const MAX_CLIENTS = 1000;

/** How a client says who it is. */
export interface PresentedClient {
  id: string;
  /** Its secret, as a digest under each pepper. Undefined for a client without a secret. */
  secretDigests?: string[] | undefined;
  /** The assertion that was verified. It is spent with the act. */
  assertion?: Assertion | undefined;
}

/** A JWT of a client (RFC 7523), which is used once. */
export interface Assertion {
  id: string;
  /** A random id of this use. */
  usedBy: string;
  expiresAt: number;
}

/** Matches the client if it is the one that it says. */
export const isClient = ({ id, secretDigests, assertion }: PresentedClient, now: number) =>
  and(
    eq(oauthClients.id, id),
    assertion
      ? and(eq(oauthClients.authMethod, "private_key_jwt"), sql`exists (${usedHere(assertion)})`)
      : secretDigests
        ? or(
            inArray(oauthClients.secretDigest, secretDigests),
            and(inArray(oauthClients.oldSecretDigest, secretDigests), gt(oauthClients.oldSecretExpiresAt, now)),
          )
        : eq(oauthClients.authMethod, "none"),
  );

const usedHere = ({ id, usedBy }: Assertion) =>
  sql`select 1 from spent_challenges where spent_challenges.id = ${id} and used_by = ${usedBy}`;

/** Matches a client that has this grant. */
export const hasGrant = (type: GrantType) => sql`${type} in (select value from json_each(${oauthClients.grantTypes}))`;

/**
 * Returns the scopes of a session that its client may still have: an administrator may have taken
 * some since. `allowed` is null for all.
 */
export const keepScopes = (scope: string, allowed: string[] | null): string =>
  scope
    .split(" ")
    .filter((name) => allowed?.includes(name) ?? true)
    .join(" ");

/** Tests whether a client matches this condition. */
export const clientExists = (db: Db, where: SQL | undefined) =>
  exists(db.select({ id: oauthClients.id }).from(oauthClients).where(where));

/** Spends an assertion, unless it was used before. */
export const spendStatement = (db: Db, assertion: Assertion) =>
  db.insert(spentChallenges).values(assertion).onConflictDoNothing();

/**
 * Spends the assertion of a client, if it has one, and finds the client if it is the one that it
 * says. The first statements of an act: `isClient` in those that follow tests what they did.
 */
export const clientStatements = (db: Db, presented: PresentedClient, now: number) => ({
  ...(presented.assertion && { assertion: spendStatement(db, presented.assertion) }),
  client: db.select().from(oauthClients).where(isClient(presented, now)),
});

/** Finds the client if it is the one that it says, without acting for it. */
export async function proveClient(db: Db, presented: PresentedClient, now: number): Promise<ClientRow | undefined> {
  const { client } = await batch(db, clientStatements(db, presented, now));
  return client[0];
}

/** Finds a client by its id. */
export async function findClient(db: Db, id: string): Promise<ClientRow | undefined> {
  const [client] = await db.select().from(oauthClients).where(eq(oauthClients.id, id));
  return client;
}

/** Lists the clients that administrators registered, oldest first. */
export const listClients = (db: Db): Promise<ClientRow[]> =>
  db
    .select()
    .from(oauthClients)
    .where(eq(oauthClients.kind, "registered"))
    .orderBy(asc(oauthClients.createdAt), asc(oauthClients.id))
    .limit(MAX_CLIENTS);

/** Inserts a client. Returns false if there are too many. */
export async function insertClient(db: Db, client: ClientRow): Promise<boolean> {
  const count = db.select({ n: sql`count(*)` }).from(oauthClients).where(eq(oauthClients.kind, "registered"));
  const { inserted } = await batch(db, {
    inserted: insertSelect(db, oauthClients, client, sql`where ${count} < ${MAX_CLIENTS}`),
  });
  return inserted.meta.changes === 1;
}

/** Clients of each kind that nobody registered. Beyond that, new ones wait until some expire. */
const MAX_STRANGERS = 10_000;

/** How long such a client may be without a user. */
const UNUSED_MILLISECONDS = 3_600_000;

const STRANGER = {
  oldSecretDigest: null,
  oldSecretExpiresAt: null,
  firstParty: false,
  scopes: null,
  postLogoutRedirectUris: [],
  jwks: null,
};

const areFew = (kind: ClientRow["kind"]) =>
  sql`(select count(*) from ${oauthClients} where ${eq(oauthClients.kind, kind)}) < ${MAX_STRANGERS}`;

type DynamicClient = Pick<
  ClientRow,
  "id" | "name" | "authMethod" | "secretDigest" | "redirectUris" | "grantTypes" | "createdAt"
>;

/** Inserts a client that registers itself. Returns false if there are too many. */
export async function insertDynamicClient(db: Db, client: DynamicClient): Promise<boolean> {
  const row = { ...STRANGER, ...client, kind: "dynamic", freshUntil: null } as const;
  const { meta } = await insertSelect(db, oauthClients, row, sql`where ${areFew("dynamic")}`);
  return meta.changes === 1;
}

type DocumentClient = Pick<ClientRow, "id" | "name" | "redirectUris" | "createdAt" | "freshUntil">;

/** Inserts or updates the client of a document. Returns false if there are too many. */
export async function putDocumentClient(db: Db, client: DocumentClient): Promise<boolean> {
  const { name, redirectUris, freshUntil } = client;
  const row = {
    ...STRANGER,
    ...client,
    authMethod: "none",
    secretDigest: null,
    grantTypes: ["authorization_code", "refresh_token"],
    kind: "document",
  } as const satisfies ClientRow;
  const { updated, inserted } = await batch(db, {
    updated: db
      .update(oauthClients)
      .set({ name, redirectUris, freshUntil })
      .where(and(eq(oauthClients.id, client.id), eq(oauthClients.kind, "document"))),
    inserted: insertSelect(db, oauthClients, row, sql`where ${areFew("document")}`).onConflictDoNothing(),
  });
  return updated.meta.changes + inserted.meta.changes > 0;
}

/** Clients that nobody registered and that no user has. */
export const staleClients = (now: number): Stale => ({
  table: oauthClients,
  where: and(
    IS_UNREGISTERED,
    lt(oauthClients.createdAt, now - UNUSED_MILLISECONDS),
    sql`coalesce(${oauthClients.freshUntil}, 0) < ${now}`,
    sql`not exists (select 1 from ${sessions} where ${sessions.clientId} = ${oauthClients.id})`,
    sql`not exists (select 1 from ${oauthGrants} where ${oauthGrants.clientId} = ${oauthClients.id})`,
    sql`not exists (select 1 from ${oauthCodes} where ${oauthCodes.clientId} = ${oauthClients.id})`,
  ),
});

/**
 * Changes a client. One that becomes the operator's, or is no longer, loses its sessions and codes,
 * because its users did not agree to what it is now. `client` is undefined if there is none.
 */
export async function updateClient(db: Db, id: string, change: Partial<ClientRow>, audit: AuditContext) {
  const { firstParty } = change;
  const isSwitched =
    firstParty === undefined
      ? sql`false`
      : clientExists(db, and(eq(oauthClients.id, id), ne(oauthClients.firstParty, firstParty)));
  const { revoked, changed } = await batch(db, {
    codes: db.delete(oauthCodes).where(and(eq(oauthCodes.clientId, id), isSwitched)),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: and(eq(sessions.clientId, id), isSwitched) }),
    // Last: the statements above test what the client was.
    changed: db.update(oauthClients).set(change).where(eq(oauthClients.id, id)).returning(),
  });
  return { client: changed[0], ended: revoked };
}

/** How long a secret works after it was rotated. */
export const OLD_SECRET_MILLISECONDS = 86_400_000;

/** Gives a client a new secret. The one until now stays valid until `oldExpiresAt`. */
export async function replaceSecret(
  db: Db,
  id: string,
  { digest, oldExpiresAt }: { digest: string; oldExpiresAt: number },
): Promise<ClientRow | undefined> {
  const { replaced } = await batch(db, {
    replaced: db
      .update(oauthClients)
      .set({ oldSecretDigest: sql`secret_digest`, oldSecretExpiresAt: oldExpiresAt, secretDigest: digest })
      .where(and(eq(oauthClients.id, id), sql`${oauthClients.authMethod} like 'client_secret_%'`))
      .returning(),
  });
  return replaced[0];
}

/**
 * Deletes a client with its grants and codes, and revokes its sessions. Returns them and `itself`,
 * which stands for the tokens that it got without a user. Returns undefined if there is none.
 */
export async function deleteClient(
  db: Db,
  id: string,
  itself: RevokedSession,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const { revoked, keysDenied, deleted } = await batch(db, {
    denied: insertDenialsStatement(db, audit.at, {
      sessionId: itself.id,
      expiresAt: itself.expiresAt,
      source: sql`from ${oauthClients} where ${eq(oauthClients.id, id)}`,
    }),
    keysDenied: denyApiKeysStatement(db, audit.at, eq(apiKeys.clientId, id)),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: eq(sessions.clientId, id) }),
    deleted: db.delete(oauthClients).where(eq(oauthClients.id, id)).returning({ id: oauthClients.id }),
  });
  return deleted.length === 1 ? [itself, ...keysDenied, ...revoked] : undefined;
}

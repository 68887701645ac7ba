/** Authorization: what a request of a client depends on, and creating the code. */
import { and, eq, exists, gte, or, type SQL, sql } from "drizzle-orm";
import { oauthClients, oauthCodes, sessions, users } from "../../drizzle/schema.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { factorColumns } from "./factors.ts";
import { hasGrant } from "./oauth-clients.ts";
import { addGrantStatement, type GrantRequest, grantStatement, isGranted } from "./oauth-grants.ts";
import { mayAuthorizeClients } from "./session-conditions.ts";
import { isReused, type PresentedGeneration } from "./session-rotation.ts";
import { shownName } from "./users.ts";

/** How long a code is valid. */
const CODE_TTL_MILLISECONDS = 60_000;

type CodeRow = typeof oauthCodes.$inferSelect;

/** A code to create, for a client and a user who is signed in to this session. */
export interface NewCode extends Pick<CodeRow, "digest" | "redirectUri" | "codeChallenge" | "nonce"> {
  request: GrantRequest;
  /** The redirect URI in the form that is registered. */
  registeredUri: string;
  browser: BrowserSession;
}

/** The refresh token of a browser, and what its session has to fulfill. */
export interface BrowserSession {
  token: PresentedGeneration;
  /** In milliseconds. */
  reuseWindow: number;
  mustBeVerified: boolean;
}

/** Inserts a code if `where` holds: on the client, and on the user's session. */
const insertCodeStatement = (
  db: Db,
  { request, registeredUri: _, browser, ...code }: NewCode,
  at: number,
  where: SQL | undefined,
) =>
  insertSelect(
    db,
    oauthCodes,
    {
      ...code,
      sessionId: browser.token.sessionId,
      clientId: request.clientId,
      userId: request.userId,
      scope: request.scopes.join(" "),
      resource: request.resource ?? null,
      amr: sql`${sessions.amr}`,
      authenticatedAt: sql`${sessions.authenticatedAt}`,
      expiresAt: at + CODE_TTL_MILLISECONDS,
      spentAt: null,
      usedBy: null,
    },
    sql`from ${sessions} join ${oauthClients} on ${eq(oauthClients.id, request.clientId)} where ${where}`,
  ).returning({ digest: oauthCodes.digest });

/** Matches the session of a browser if its user may act in it. */
const isBrowser = (db: Db, { token, reuseWindow, mustBeVerified }: BrowserSession, at: number) =>
  and(mayAuthorizeClients(db, token, { mustBeVerified }, at), sql`not ${isReused(token, reuseWindow, at)}`);

/** Matches the session and the client of a new code, if both may have one. */
const mayHaveCode = (db: Db, { browser, request, registeredUri }: NewCode, at: number) =>
  and(
    isBrowser(db, browser, at),
    sql`${registeredUri} in (select value from json_each(${oauthClients.redirectUris}))`,
    hasGrant("authorization_code"),
    sql`(${oauthClients.scopes} is null or not exists (
      select 1 from json_each(${JSON.stringify(request.scopes)}) as asked
      where asked.value not in (select value from json_each(${oauthClients.scopes}))))`,
  );

/** When a code may be created without a question. */
export interface Silence {
  /** For a client of the operator. */
  firstParty: boolean;
  /** For one that the user has allowed all of it before. */
  granted: boolean;
  /** The earliest time of the last proof. Unix time in milliseconds. */
  authenticatedAfter: number;
}

/**
 * Reads what an authorization request needs: the client, the user, and what the user has allowed.
 * Creates the code on the way if nothing has to be asked.
 */
export async function findAuthorization(db: Db, code: NewCode, silence: Silence, at: number) {
  const { request, browser } = code;
  const isSilent = and(
    mayHaveCode(db, code, at),
    gte(sessions.authenticatedAt, silence.authenticatedAfter),
    or(
      silence.firstParty ? eq(oauthClients.firstParty, true) : sql`false`,
      silence.granted ? isGranted(db, request) : sql`false`,
    ),
  );
  const { client, user, grant, issued } = await batch(db, {
    client: db.select().from(oauthClients).where(eq(oauthClients.id, request.clientId)),
    user: db
      .select({
        id: users.id,
        name: shownName,
        authenticatedAt: sessions.authenticatedAt,
        amr: sessions.amr,
        ...factorColumns,
      })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(isBrowser(db, browser, at)),
    grant: grantStatement(db, request),
    issued: insertCodeStatement(db, code, at, isSilent),
  });
  return { client: client[0], user: user[0], granted: grant[0]?.scopes, isIssued: issued.length === 1 };
}

/**
 * Creates the code for which the user has just consented, and remembers that. `authenticatedAfter`
 * is as in `Silence`.
 */
export async function consent(
  db: Db,
  code: NewCode,
  authenticatedAfter: number,
  audit: AuditContext,
): Promise<boolean> {
  const { request } = code;
  const where = and(mayHaveCode(db, code, audit.at), gte(sessions.authenticatedAt, authenticatedAfter));
  const isIssued = exists(
    db.select({ digest: oauthCodes.digest }).from(oauthCodes).where(eq(oauthCodes.digest, code.digest)),
  );
  const { issued } = await batch(db, {
    issued: insertCodeStatement(db, code, audit.at, where),
    grant: addGrantStatement(
      db,
      { ...request, resource: request.resource ?? "", grantedAt: audit.at },
      sql`where ${isIssued}`,
    ),
    event: insertSessionEventsStatement(db, "grant_added", {
      audit,
      where: and(eq(sessions.id, code.browser.token.sessionId), isIssued),
    }),
  });
  return issued.length === 1;
}

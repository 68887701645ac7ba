/** Device codes (RFC 8628) as users see them: finding the one that was typed, and answering it. */
import { and, eq, exists, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { oauthClients, oauthCodes, oauthDeviceCodes, sessions, users } from "../../drizzle/schema.ts";
import { DEVICE_GRANT } from "../contract/oauth-client.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { clientExists, hasGrant } from "./oauth-clients.ts";
import { addGrantStatement } from "./oauth-grants.ts";
import { mayAuthorizeClients, sessionIsAuthorized } from "./session-conditions.ts";
import { shownName } from "./users.ts";

/** The authorization code of a device has no redirect URI, and a challenge that no verifier has. */
export const CODE_OF_DEVICE = { redirectUri: "", codeChallenge: "", nonce: null };

/** Matches the code that a user types, while it has no answer: a digest for each pepper. */
const isOpen = (digests: string[], at: number) =>
  and(
    inArray(oauthDeviceCodes.userCodeDigest, digests),
    isNull(oauthDeviceCodes.answer),
    gt(oauthDeviceCodes.expiresAt, at),
  );

/** Finds what a device asks a user for. `user` is undefined if the session is not authorized. */
export async function findDeviceCode(db: Db, digests: string[], session: SessionRef, now: number) {
  const { device, user } = await batch(db, {
    device: db
      .select({
        client: { id: oauthClients.id, name: oauthClients.name, firstParty: oauthClients.firstParty },
        scopes: oauthDeviceCodes.scopes,
      })
      .from(oauthDeviceCodes)
      .innerJoin(oauthClients, eq(oauthClients.id, oauthDeviceCodes.clientId))
      .where(isOpen(digests, now)),
    user: db
      .select({ name: shownName })
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsAuthorized(db, session, now))),
  });
  return { device: device[0], user: user[0] };
}

/** The answer of a user who is signed in to this session. */
interface Answer {
  /** The digests of the user code, one for each pepper. */
  digests: string[];
  session: SessionRef;
  isAllowed: boolean;
  mustBeVerified: boolean;
}

/**
 * Answers a device, once. If the user allows it, its device code becomes an authorization code, and
 * the client is remembered. Returns false if the code is wrong, expired or answered, and undefined
 * if the session may not answer.
 */
export async function answerDeviceCode(
  db: Db,
  { digests, session, isAllowed, mustBeVerified }: Answer,
  audit: AuditContext,
): Promise<boolean | undefined> {
  const { at } = audit;
  const open = isOpen(digests, at);
  const isActor = mayAuthorizeClients(db, session, { mustBeVerified }, at);
  const mayAnswer = exists(db.select({ id: sessions.id }).from(sessions).where(isActor));
  const isIssued = exists(
    db.select({ digest: oauthCodes.digest }).from(oauthCodes).where(eq(oauthCodes.digest, oauthDeviceCodes.digest)),
  );
  const { actor, answered } = await batch(db, {
    actor: db.select({ id: sessions.id }).from(sessions).where(isActor),
    ...(isAllowed && allowStatements(db, { session, open, isActor, isIssued }, audit)),
    // Last: the statements above test whether the code is still open.
    answered: db
      .update(oauthDeviceCodes)
      .set({ answer: isAllowed ? "allow" : "deny" })
      .where(and(open, isAllowed ? isIssued : mayAnswer))
      .returning({ digest: oauthDeviceCodes.digest }),
  });
  return actor.length === 1 ? answered.length === 1 : undefined;
}

interface Allowed {
  session: SessionRef;
  /** Matches the device code. */
  open: SQL | undefined;
  /** Matches the session of the user. */
  isActor: SQL | undefined;
  /** Tests whether the device code has become an authorization code. */
  isIssued: SQL;
}

/** Creates the authorization code of a device, and remembers what the user allowed. */
function allowStatements(db: Db, { session, open, isActor, isIssued }: Allowed, audit: AuditContext) {
  const { userId, sessionId } = session;
  const { digest, clientId, scopes, resource, expiresAt } = oauthDeviceCodes;
  const code = {
    ...CODE_OF_DEVICE,
    digest: sql`${digest}`,
    clientId: sql`${clientId}`,
    userId,
    sessionId,
    scope: sql`(select coalesce(group_concat(value, ' '), '') from json_each(${scopes}))`,
    resource: sql`${resource}`,
    amr: sql`${sessions.amr}`,
    authenticatedAt: sql`${sessions.authenticatedAt}`,
    expiresAt: sql`${expiresAt}`,
    spentAt: null,
    usedBy: null,
  };
  const grant = {
    userId,
    clientId: sql`${clientId}`,
    resource: sql`coalesce(${resource}, '')`,
    scopes: sql`${scopes}`,
    grantedAt: audit.at,
  };
  const mayHave = clientExists(db, and(eq(oauthClients.id, clientId), hasGrant(DEVICE_GRANT)));
  const isAllowed = exists(db.select({ digest }).from(oauthDeviceCodes).where(and(open, isIssued)));
  return {
    issued: insertSelect(
      db,
      oauthCodes,
      code,
      sql`from ${oauthDeviceCodes} join ${sessions} on ${isActor} where ${open} and ${mayHave}`,
    ),
    grant: addGrantStatement(db, grant, sql`from ${oauthDeviceCodes} where ${open} and ${isIssued}`),
    event: insertSessionEventsStatement(db, "grant_added", {
      audit,
      where: and(eq(sessions.id, sessionId), isAllowed),
    }),
  };
}

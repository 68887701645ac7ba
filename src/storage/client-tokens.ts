/** What clients ask about tokens, and the sessions that they end (RFC 7009, RFC 7662). */
import { and, eq, getTableColumns } from "drizzle-orm";
import { oauthClients, sessions, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { clientExists, clientStatements, isClient, type PresentedClient } from "./oauth-clients.ts";
import { isActive, isEnabled, isSession } from "./session-conditions.ts";
import { revokeSessionsStatements } from "./session-revocation.ts";

const NO_SESSION: SessionRef = { userId: "", sessionId: "" };

/**
 * Finds a session for a client that has a secret, and the client that is the subject of a token.
 * `client` is undefined if it is not that one.
 */
export async function inspectSession(
  db: Db,
  presented: PresentedClient,
  session: SessionRef = NO_SESSION,
  now: number,
) {
  const { client, found, subject } = await batch(db, {
    ...clientStatements(db, presented, now),
    found: db
      .select(getTableColumns(sessions))
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(isSession(session), isActive(now), isEnabled)),
    subject: db.select({ id: oauthClients.id }).from(oauthClients).where(eq(oauthClients.id, session.userId)),
  });
  return { client: client[0], session: found[0], subject: subject[0] };
}

/** Ends a session of this client. `client` is undefined if it is not that one. */
export async function endClientSession(
  db: Db,
  presented: PresentedClient,
  session: SessionRef = NO_SESSION,
  audit: AuditContext,
) {
  const { client, revoked } = await batch(db, {
    ...clientStatements(db, presented, audit.at),
    ...revokeSessionsStatements(db, "logged_out", {
      audit,
      where: and(
        isSession(session),
        eq(sessions.clientId, presented.id),
        clientExists(db, isClient(presented, audit.at)),
      ),
    }),
  });
  return { client: client[0], revoked };
}

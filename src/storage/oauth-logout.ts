/** Sign-outs that clients ask for. */
import { and, eq, gt, inArray, or, sql } from "drizzle-orm";
import { oauthClients, sessions, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { isActive, isSession, sessionIsActive } from "./session-conditions.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";
import { shownName } from "./users.ts";

/** How long an ID token is a hint after its session ended. Clients may revoke tokens first. */
const MAX_MILLISECONDS_AFTER_END = 60_000;

/** Reads the client that asks, and the user of a browser's session if it is active. */
export async function findLogout(
  db: Db,
  { clientId, session, hint }: { clientId: string; session: SessionRef; hint: SessionRef | undefined },
  now: number,
) {
  const wasActive = or(isActive(now), gt(sessions.revokedAt, now - MAX_MILLISECONDS_AFTER_END));
  const { client, user, hinted } = await batch(db, {
    client: db
      .select({ id: oauthClients.id, name: oauthClients.name, uris: oauthClients.postLogoutRedirectUris })
      .from(oauthClients)
      .where(eq(oauthClients.id, clientId)),
    user: db
      .select({
        id: users.id,
        name: shownName,
      })
      .from(users)
      .where(and(eq(users.id, session.userId), sessionIsActive(db, session, now))),
    hinted: db
      .select({ id: sessions.id })
      .from(sessions)
      .where(hint ? and(isSession(hint), eq(sessions.clientId, clientId), wasActive) : sql`false`),
  });
  return { client: client[0], user: user[0], isHintActive: hinted.length === 1 };
}

/** Revokes these sessions of a user. */
export async function signOutOf(
  db: Db,
  { userId, sessionIds }: { userId: string; sessionIds: string[] },
  audit: AuditContext,
): Promise<RevokedSession[]> {
  const where = and(eq(sessions.userId, userId), inArray(sessions.id, sessionIds));
  return (await batch(db, revokeSessionsStatements(db, "logged_out", { audit, where }))).revoked;
}

/**
 * Replacing a session: it gets a new id, and the old one is revoked. An act that changes a
 * credential does it in its own batch, so that no token from before the change works after it.
 */
import { and, eq, exists, ne, type SQL, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { isSession } from "./session-conditions.ts";
import { type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";

/** The id that a session will have, and the session that it replaces. */
interface Replacement {
  id: string;
  session: SessionRef;
}

export const newReplacement = (session: SessionRef): Replacement => ({ id: crypto.randomUUID(), session });

/** The columns of a session that its tokens carry. */
const TOKEN_CLAIMS = {
  id: sessions.id,
  generation: sessions.generation,
  expiresAt: sessions.expiresAt,
  amr: sessions.amr,
  authenticatedAt: sessions.authenticatedAt,
  clientId: sessions.clientId,
  scope: sessions.scope,
};

/** The columns of a user that tokens carry. */
export const USER_CLAIMS = {
  id: users.id,
  emailVerifiedAt: users.emailVerifiedAt,
  roles: users.roles,
  credentialVersion: users.credentialVersion,
};

/** The session that goes on after a change of credentials, and its user. */
export interface CurrentSession {
  session: Pick<typeof sessions.$inferSelect, keyof typeof TOKEN_CLAIMS>;
  user: Pick<typeof users.$inferSelect, keyof typeof USER_CLAIMS>;
}

/** The session that goes on, from the rows that an act returned. */
export const currentSession = (
  [session]: CurrentSession["session"][],
  [user]: CurrentSession["user"][],
): CurrentSession | undefined => session && user && { session, user };

/** The sessions of a user after a change of credentials. */
export interface CredentialChange {
  /** Undefined if nothing changed. */
  current: CurrentSession | undefined;
  /** The sessions that it revoked, the replaced one included. */
  ended: RevokedSession[];
}

/**
 * Inserts the replacement if `where` holds. It comes first in a batch: the other statements test
 * `replacementExists`, because nothing else stays true while they run. `proof` is a credential that
 * the user has just proven.
 */
export const insertReplacementStatement = (
  db: Db,
  { id, session }: Replacement,
  {
    audit,
    where,
    proof,
  }: { audit: AuditContext; where: SQL | undefined; proof?: { amr: string[]; at: number } | undefined },
) =>
  insertSelect(
    db,
    sessions,
    {
      id,
      userId: sql`${sessions.userId}`,
      generation: 0,
      createdAt: sql`${sessions.createdAt}`,
      rotatedAt: null,
      lastUsedAt: audit.at,
      expiresAt: sql`${sessions.expiresAt}`,
      revokedAt: null,
      userAgent: audit.userAgent,
      ip: audit.ip,
      amr: proof?.amr ?? sql`${sessions.amr}`,
      authenticatedAt: proof?.at ?? sql`${sessions.authenticatedAt}`,
      clientId: sql`${sessions.clientId}`,
      scope: sql`${sessions.scope}`,
      resource: sql`${sessions.resource}`,
    },
    sql`from ${sessions} where ${and(isSession(session), where)}`,
  ).returning(TOKEN_CLAIMS);

/** Tests whether the replacement was inserted. */
export const replacementExists = (db: Db, { id }: Replacement) =>
  exists(db.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, id)));

/**
 * Revokes the replaced session, and those of its user that match `where`, if the replacement was
 * inserted. The replaced session leaves no event: to its user it goes on.
 */
export const revokeReplacedStatements = (
  db: Db,
  replacement: Replacement,
  { audit, where }: { audit: AuditContext; where?: SQL | undefined },
) =>
  revokeSessionsStatements(db, "session_revoked", {
    audit,
    where: and(
      eq(sessions.userId, replacement.session.userId),
      ne(sessions.id, replacement.id),
      where,
      replacementExists(db, replacement),
    ),
    withEvent: ne(sessions.id, replacement.session.sessionId),
  });

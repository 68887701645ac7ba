import { and, eq, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import { oneTimeSecrets, sessions, users } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement, insertUserEventStatement } from "./events.ts";
import { cancelRemovalStatements } from "./factor-removals.ts";
import { clearFailuresStatement, type Lockout, lockoutStatement } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import { invalidateSecretsStatement } from "./secrets.ts";
import { isReauthenticated, isSession, type Reauthenticated, userExists } from "./session-conditions.ts";
import {
  type CredentialChange,
  currentSession,
  insertReplacementStatement,
  newReplacement,
  replacementExists,
  revokeReplacedStatements,
  USER_CLAIMS,
} from "./session-replacement.ts";
import { endedIn, type RevokedSession, revokeSessionsStatements } from "./session-revocation.ts";

/** A change of a credential. */
export interface Change {
  /** A condition on the user, besides the proof. */
  where?: SQL | undefined;
  event: EventType;
  notice: NewNotice;
  /** It cancels a removal: a user who adds a factor has not lost the second factor. */
  addsFactor?: boolean;
  /** Columns of the user that change. */
  set?: SQLiteUpdateSetSource<typeof users>;
  /** Further changes. They must test `isDone`. */
  also?: (isDone: SQL) => Record<string, BatchItem<"sqlite">>;
}

/** A removal of a credential without a session of its owner. */
interface Removal {
  event: EventType;
  notice: NewNotice;
  /** A condition on the user. */
  where?: SQL | undefined;
  /** Removes it. Where there is a condition, this must test `isAllowed`. */
  also: (isAllowed: SQL) => Record<string, BatchItem<"sqlite">>;
}

/**
 * Removes a credential, tells the owner, revokes every session and voids every link and code.
 * Returns the revoked sessions, or undefined if there is no such account or `where` does not hold.
 */
export async function removeCredential(
  db: Db,
  userId: string,
  { event, notice, where, also }: Removal,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const target = and(eq(users.id, userId), where);
  const isAllowed = userExists(db, target);
  const { changed, ...results } = await batch(db, {
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: target }),
    event: insertUserEventStatement(db, event, { userId, audit, where: target }),
    ...revokeSessionsStatements(db, "session_revoked", { audit, where: and(eq(sessions.userId, userId), isAllowed) }),
    voided: invalidateSecretsStatement(db, { at: audit.at, where: and(eq(oneTimeSecrets.userId, userId), isAllowed) }),
    changed: db
      .update(users)
      .set({ credentialVersion: sql`${users.credentialVersion} + 1`, updatedAt: audit.at })
      .where(target)
      .returning({ id: users.id }),
    // Last: the statements above test `where`.
    ...also(isAllowed),
  });
  return changed.length === 1 ? endedIn(results) : undefined;
}

interface Proven {
  /** A credential that the user has just proven, besides that of `owner`. */
  proof?: { amr: string[]; at: number } | undefined;
}

interface Doing {
  audit: AuditContext;
  /** Tests whether the session that goes on is there. */
  isDone: SQL;
  /** Matches the session of the event. */
  session: SQL | undefined;
}

/** Changes a credential if `isDone` holds: tells the owner and voids every link and code. */
export const changeStatements = (
  db: Db,
  userId: string,
  { event, notice, addsFactor, set, also }: Change,
  { audit, isDone, session }: Doing,
) => ({
  notice: insertNoticeStatement(db, notice, { at: audit.at, where: isDone }),
  changeEvent: insertSessionEventsStatement(db, event, { audit, where: and(session, isDone) }),
  voided: invalidateSecretsStatement(db, { at: audit.at, where: and(eq(oneTimeSecrets.userId, userId), isDone) }),
  ...(addsFactor && cancelRemovalStatements(db, userId, audit, isDone)),
  ...also?.(isDone),
  user: db
    .update(users)
    .set({ ...set, credentialVersion: sql`${users.credentialVersion} + 1`, updatedAt: audit.at })
    .where(and(eq(users.id, userId), isDone))
    .returning(USER_CLAIMS),
});

/**
 * Changes a credential of a user who has just proven one, in one batch. Gives the session a new id,
 * revokes the user's other sessions and voids every link and code. Nothing changes if the proof no
 * longer holds.
 */
export async function changeCredential(
  db: Db,
  owner: Reauthenticated,
  change: Change & Proven,
  audit: AuditContext,
): Promise<CredentialChange & { lockout: Lockout | undefined }> {
  const { session } = owner;
  const { where, proof } = change;
  const isAllowed = userExists(db, and(isReauthenticated(db, owner, audit.at), where));
  const next = newReplacement(session);
  const isDone = replacementExists(db, next);
  const { lockout, replacement, revoked, user } = await batch(db, {
    lockout: lockoutStatement(db, session),
    replacement: insertReplacementStatement(db, next, { audit, where: isAllowed, proof }),
    ...(owner.byGuess && { cleared: clearFailuresStatement(db, session, isDone) }),
    ...changeStatements(db, session.userId, change, { audit, isDone, session: isSession(session) }),
    ...revokeReplacedStatements(db, next, { audit }),
  });
  return { lockout: lockout[0], current: currentSession(replacement, user), ended: revoked };
}

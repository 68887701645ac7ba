import { and, eq, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
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

interface Change {
  /** A condition on the user, besides the proof. */
  where?: SQL | undefined;
  event: EventType;
  notice: NewNotice;
  /** A credential that the user has just proven, besides that of `owner`. */
  proof?: { amr: string[]; at: number } | undefined;
  /** Columns of the user that change. */
  set?: SQLiteUpdateSetSource<typeof users>;
  /** Further changes. They must test `isDone`. */
  also?: (isDone: SQL) => Record<string, BatchItem<"sqlite">>;
}

/**
 * Changes a credential of a user who has just proven one, in one batch. Gives the session a new id,
 * revokes the user's other sessions and voids every link and code. Nothing changes if the proof no
 * longer holds.
 */
export async function changeCredential(
  db: Db,
  owner: Reauthenticated,
  { where, event, notice, proof, set, also }: Change,
  audit: AuditContext,
): Promise<CredentialChange & { lockout: Lockout | undefined }> {
  const { session } = owner;
  const { userId } = session;
  const isAllowed = userExists(db, and(isReauthenticated(db, owner, audit.at), where));
  const next = newReplacement(session);
  const isDone = replacementExists(db, next);
  const { lockout, replacement, revoked, user } = await batch(db, {
    lockout: lockoutStatement(db, session),
    replacement: insertReplacementStatement(db, next, { audit, where: isAllowed, proof }),
    ...(owner.byGuess && { cleared: clearFailuresStatement(db, session, isDone) }),
    notice: insertNoticeStatement(db, notice, { at: audit.at, where: isDone }),
    event: insertSessionEventsStatement(db, event, { audit, where: and(isSession(session), isDone) }),
    ...revokeReplacedStatements(db, next, { audit }),
    voided: invalidateSecretsStatement(db, { at: audit.at, where: and(eq(oneTimeSecrets.userId, userId), isDone) }),
    ...also?.(isDone),
    user: db
      .update(users)
      .set({ ...set, credentialVersion: sql`${users.credentialVersion} + 1`, updatedAt: audit.at })
      .where(and(eq(users.id, userId), isDone))
      .returning(USER_CLAIMS),
  });
  return { lockout: lockout[0], current: currentSession(replacement, user), ended: revoked };
}

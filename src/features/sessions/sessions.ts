/** The sessions of a user: list them and end one. */
import * as z from "zod/mini";
import { afterCommit } from "../../auth/after-commit.ts";
import type * as contract from "../../contract/session.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { toUsedDevice } from "../../schemas/device.ts";
import {
  type ListedSession,
  listSessions,
  revokeAnySession,
  revokeOwnSession,
  revokeSessions,
} from "../../storage/sessions.ts";

/**
 * Lists the active sessions of the user, last used first: those of browsers and of the operator's
 * apps. Returns `unauthenticated` if the session has ended.
 */
export async function ownSessions(deps: Deps, session: SessionRef): Promise<Result<contract.SessionList>> {
  const rows = await listSessions(deps.db, session, deps.now());
  if (rows.length === 0) return err("unauthenticated");
  return ok({ sessions: rows.map((row) => toSession(row, session.sessionId)) });
}

/**
 * Ends one session of the user, which may be the current one. Errors: `unauthenticated`,
 * `not_found`.
 */
export async function endOwnSession(deps: Deps, session: SessionRef, id: string): Promise<Result> {
  const outcome = await revokeOwnSession(deps.db, session, id, deps.audit());
  if (!outcome) return err("unauthenticated");
  if (!outcome.revoked) return err("not_found");

  afterCommit(deps, { event: "session_revoked", userId: session.userId, ended: [outcome.revoked] });
  return ok();
}

/** Ends the user's other sessions. */
export async function endOtherSessions(deps: Deps, session: SessionRef): Promise<void> {
  const ended = await revokeSessions(deps.db, session, { scope: "others" }, deps.audit());
  if (ended && ended.length > 0) afterCommit(deps, { event: "logged_out", userId: session.userId, ended });
}

export const AnySession = z.strictObject({ sid: z.string().check(z.minLength(1), z.maxLength(64)) });

/** Ends any session. Returns `not_found` if there is no such active session. */
export async function endAnySession(deps: Deps, { sid }: z.infer<typeof AnySession>): Promise<Result> {
  const ended = await revokeAnySession(deps.db, sid, deps.audit());
  if (!ended) return err("not_found");

  afterCommit(deps, { event: "session_revoked", userId: ended.userId, ended: [ended] });
  return ok();
}

const toSession = (row: ListedSession, currentId: string): contract.Session => ({
  ...toUsedDevice(row),
  current: row.id === currentId,
  client: row.client,
});

import * as z from "zod";
import { type AccessClaims, verifyAccessToken, verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { type PresentedToken, TokenText } from "../../schemas/tokens.ts";
import { denySessions } from "../../storage/denylist.ts";
import { endAnySession, endSession, endSessions, listSessions } from "../../storage/sessions.ts";
import { type SessionList, toSession } from "./session.ts";

export const Logout = z.strictObject({
  refresh_token: TokenText.optional(),
  scope: z.enum(["local", "others", "global"]).default("local"),
});

interface LogoutInput {
  refresh_token?: PresentedToken | undefined;
  access_token?: string | undefined;
  scope: z.infer<typeof Logout>["scope"];
}

/** Ends the session of the token (`local`), the user's other ones (`others`) or all of them (`global`), at once for
 *  refreshing and within about a minute for access tokens; answers that session's id. Fine too when it has ended already,
 *  which ends no other one. `invalid_refresh_token` or `unauthenticated` when no token is ours; it may have expired. */
export async function logout(deps: Deps, input: LogoutInput): Promise<Result<string>> {
  const claims = await presentedClaims(deps, input);
  if (!claims) return err(input.refresh_token?.token ? "invalid_refresh_token" : "unauthenticated");

  const ref = { userId: claims.sub, sessionId: claims.sid };
  const ended = await endSessions(deps.db, ref, input.scope, deps.audit());
  if (ended.length > 0) deps.logSecurityEvent("logged_out", ref.userId);
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  return ok(ref.sessionId);
}

/** A token in the body goes before one in the header, and that before the cookie, which comes unasked. */
async function presentedClaims({ tokens, now }: Deps, { refresh_token, access_token }: LogoutInput) {
  const options = { allowExpired: true };
  const access = () => access_token && verifyAccessToken(tokens, access_token, now(), options);
  const refresh = () => refresh_token?.token && verifyRefreshToken(tokens, refresh_token.token, now(), options);
  return refresh_token?.transport === "body" ? refresh() : (await access()) || refresh();
}

/** The live sessions of the user, last used first. `unauthenticated` when the current one is not among them. */
export async function ownSessions(
  deps: Deps,
  { sub: userId, sid: sessionId }: AccessClaims,
): Promise<Result<SessionList>> {
  const rows = await listSessions(deps.db, { userId, sessionId }, deps.now());
  if (rows.length === 0) return err("unauthenticated");
  return ok({ sessions: rows.map((row) => toSession(row, sessionId)) });
}

/** Ends one session of the user, which may be the current one. `not_found` when it is none of theirs or has ended. */
export async function revokeSession(
  deps: Deps,
  { sub: userId, sid: sessionId }: AccessClaims,
  id: string,
): Promise<Result> {
  const outcome = await endSession(deps.db, { userId, sessionId }, id, deps.audit());
  if (!outcome) return err("unauthenticated");
  if (!outcome.ended) return err("not_found");

  deps.logSecurityEvent("session_revoked", userId);
  deps.waitUntil(denySessions(deps.denylist, [outcome.ended], deps.now()));
  return ok();
}

export const AnySession = z.strictObject({ sid: z.string().min(1).max(64) });

/** Ends a session, whosever it is. `not_found` when it has ended or was none. */
export async function revokeAnySession(deps: Deps, { sid }: z.infer<typeof AnySession>): Promise<Result> {
  const ended = await endAnySession(deps.db, sid, deps.audit());
  if (!ended) return err("not_found");

  deps.logSecurityEvent("session_revoked", ended.userId);
  deps.waitUntil(denySessions(deps.denylist, [ended], deps.now()));
  return ok();
}

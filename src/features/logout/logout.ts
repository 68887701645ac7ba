/** Logout: ends sessions by a token of one of them. */

import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import type * as contract from "../../contract/session.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { isOfClient, verifyAccessToken } from "../../crypto/access-token.ts";
import { verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional, optionalOr } from "../../schemas/optional.ts";
import { type ReceivedToken, TokenText } from "../../schemas/tokens.ts";
import { isReused, type PresentedGeneration, revokeReused } from "../../storage/session-rotation.ts";
import { revokeSessions } from "../../storage/sessions.ts";

export const Logout = z.strictObject({
  refresh_token: optional(TokenText),
  scope: optionalOr(z.enum(["local", "others", "global"]), "local"),
} satisfies RequestFields<contract.Logout>);

interface LogoutInput {
  refresh_token?: ReceivedToken | undefined;
  access_token?: string | undefined;
  scope: contract.LogoutScope;
}

/**
 * Ends the session of the token (`local`), the user's others (`others`) or all (`global`), and
 * returns the id of the token's session. Refreshing ends at once, access tokens within about a
 * minute. A session that has ended already is a success and ends no other.
 *
 * The refresh token of an OAuth client ends none. `local` also accepts an expired token. A refresh
 * token that was used before ends only its session, as at a refresh.
 *
 * Errors: `invalid_refresh_token` or `unauthenticated` if no token is valid; `refresh_token_reused`
 * for a scope other than `local`; `too_many_requests`.
 */
export async function logout(deps: Deps, input: LogoutInput): Promise<Result<string>> {
  const presented = await presentedSession(deps, input);
  if (!presented) return err(input.refresh_token?.token ? "invalid_refresh_token" : "unauthenticated");

  const { db, config } = deps;
  const { userId, sessionId } = presented;
  const { scope } = input;
  const refused = await deps.limit("sessions", `logout ${sessionId}`);
  if (refused) return refused;

  const audit = deps.audit();
  const reuseWindow = config.REFRESH_REUSE_WINDOW_SECONDS * 1000;
  const token = "generation" in presented ? presented : undefined;
  const reused = token && isReused(token, reuseWindow, audit.at);
  const ended = await revokeSessions(db, presented, { scope, reused, byBrowser: token !== undefined }, audit);
  if (ended || !token) {
    if (ended && ended.length > 0) afterCommit(deps, { event: "logged_out", userId, ended });
    return ok(sessionId);
  }
  const notice = newNotice(deps, "refresh-token-reused", userId);
  const session = await revokeReused(db, { token, reuseWindow, notice }, audit);
  if (session) afterCommit(deps, { event: "refresh_token_reused", userId, ended: [session], notice });
  return scope === "local" ? ok(sessionId) : err("refresh_token_reused");
}

/**
 * A token in the body goes before one in the header, and that before the cookie, which is sent with
 * every request.
 */
async function presentedSession(deps: Deps, input: LogoutInput): Promise<SessionRef | PresentedGeneration | undefined> {
  const { refresh_token, access_token, scope } = input;
  const options = { allowExpired: scope === "local" };
  const refresh = () =>
    refresh_token?.token === undefined
      ? undefined
      : verifyRefreshToken(deps.tokens.refreshKeys, refresh_token.token, deps.now(), options);
  return refresh_token?.transport === "body"
    ? refresh()
    : ((await accessSession(deps, access_token, options)) ?? refresh());
}

async function accessSession(
  { tokens, now }: Deps,
  access_token: string | undefined,
  options: { allowExpired: boolean },
): Promise<SessionRef | undefined> {
  const claims = access_token && (await verifyAccessToken(tokens, access_token, now(), options));
  return claims && !isOfClient(claims) ? { userId: claims.sub, sessionId: claims.sid } : undefined;
}

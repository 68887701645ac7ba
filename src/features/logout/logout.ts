/** Logout: ends sessions by a token of one of them, which may have expired. */

import * as z from "zod";
import { afterCommit } from "../../auth/after-commit.ts";
import type * as contract from "../../contract/session.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { verifyAccessToken } from "../../crypto/access-token.ts";
import { verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { type ReceivedToken, TokenText } from "../../schemas/tokens.ts";
import { revokeSessions } from "../../storage/sessions.ts";

export const Logout = z.strictObject({
  refresh_token: TokenText.optional(),
  scope: z.enum(["local", "others", "global"]).default("local"),
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
 * Errors: `invalid_refresh_token` or `unauthenticated` if no token is valid; `too_many_requests`.
 */
export async function logout(deps: Deps, input: LogoutInput): Promise<Result<string>> {
  const session = await presentedSession(deps, input);
  if (!session) return err(input.refresh_token?.token ? "invalid_refresh_token" : "unauthenticated");

  const refused = await deps.limit("sessions", session.sessionId);
  if (refused) return refused;
  const ended = await revokeSessions(deps.db, session, input.scope, deps.audit());
  if (ended.length > 0) afterCommit(deps, { event: "logged_out", userId: session.userId, ended });
  return ok(session.sessionId);
}

/**
 * A token in the body goes before one in the header, and that before the cookie, which is sent with
 * every request.
 */
async function presentedSession(deps: Deps, input: LogoutInput): Promise<SessionRef | undefined> {
  const { refresh_token } = input;
  const refresh = () =>
    refresh_token?.token === undefined
      ? undefined
      : verifyRefreshToken(deps.tokens.refreshKeys, refresh_token.token, deps.now(), { allowExpired: true });
  return refresh_token?.transport === "body" ? refresh() : ((await accessSession(deps, input)) ?? refresh());
}

async function accessSession({ tokens, now }: Deps, { access_token }: LogoutInput): Promise<SessionRef | undefined> {
  const claims = access_token && (await verifyAccessToken(tokens, access_token, now(), { allowExpired: true }));
  return claims ? { userId: claims.sub, sessionId: claims.sid } : undefined;
}

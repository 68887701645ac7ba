/** Refresh: exchanges a refresh token for new tokens, and detects a stolen one. */

import * as z from "zod/mini";
import { renewSession } from "../../auth/renew-session.ts";
import type { Tokens } from "../../contract/tokens.ts";
import { issueTokens, verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { ok, type Result } from "../../result.ts";
import { optional } from "../../schemas/optional.ts";
import { TokenText } from "../../schemas/tokens.ts";
import { findSessionUser } from "../../storage/session-user.ts";

export const Refresh = z.strictObject({ refresh_token: optional(TokenText) });

/** The OAuth 2.0 form (RFC 6749 §6). Parameters that it does not know are ignored. */
export const RefreshForm = z.object({ refresh_token: TokenText });

/**
 * Exchanges a refresh token for new tokens with the current claims of the user. Within the reuse
 * window the previous token gets the current tokens again, or the next ones if another user agent
 * presents it.
 *
 * Errors: those of `renewSession`.
 */
export async function refresh(deps: Deps, token: string | undefined): Promise<Result<Tokens>> {
  const renewed = await renewSession(deps, token);
  if (!renewed.ok) return renewed;
  const { user, session } = renewed.value;
  return ok(await issueTokens(deps.tokens, user, session, deps.now()));
}

/** Tests whether a refresh token is valid and its session active. Does not use the token up. */
export async function hasActiveSession(deps: Deps, token: string | undefined): Promise<boolean> {
  const claims = token && verifyRefreshToken(deps.tokens.refreshKeys, token, deps.now());
  return claims
    ? (await findSessionUser(deps.db, claims, {
        now: deps.now(),
        mustBeVerified: deps.config.REQUIRE_VERIFICATION,
      })) !== undefined
    : false;
}

/** Refresh: exchanges a refresh token for new tokens, and detects a stolen one. */

import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import type { Tokens } from "../../contract/tokens.ts";
import { issueTokens, verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { optional } from "../../schemas/optional.ts";
import { TokenText } from "../../schemas/tokens.ts";
import { rotateSession } from "../../storage/session-rotation.ts";
import { findSessionUser } from "../../storage/session-user.ts";

export const Refresh = z.strictObject({ refresh_token: optional(TokenText) });

/** The OAuth 2.0 form (RFC 6749 §6). Parameters that it does not know are ignored. */
export const RefreshForm = z.object({ refresh_token: TokenText });

/**
 * Exchanges a refresh token for new tokens with the current claims of the user. Within the reuse
 * window the previous token gets the current tokens again, or the next ones if another user agent
 * presents it.
 *
 * Errors: `invalid_refresh_token` if this service did not issue it, its session has ended, or the
 * account must have a verified address and has none;
 * `refresh_token_reused` if it was used before, which ends the session; `too_many_requests`.
 */
export async function refresh(deps: Deps, token: string | undefined): Promise<Result<Tokens>> {
  const claims = token && verifyRefreshToken(deps.tokens.refreshKeys, token, deps.now());
  if (!claims) return err("invalid_refresh_token");

  const { userId, sessionId, generation } = claims;
  const refused = await deps.limit("sessions", `refresh ${sessionId}`);
  if (refused) return refused;
  const notice = newNotice(deps, "refresh-token-reused", userId);
  const mustBeVerified = deps.config.REQUIRE_VERIFICATION;
  const presented = { userId, sessionId, generation, lifetimes: lifetimes(deps), mustBeVerified };
  const rotation = rotateSession(deps.db, presented, notice, deps.audit());
  // The first query detects reuse, a second one revokes the session. It finishes even if the caller
  // disconnects.
  deps.waitUntil(rotation.catch(() => undefined));
  const { current, isReplayed, reused } = await rotation;
  if (reused) {
    afterCommit(deps, { event: "refresh_token_reused", userId, ended: [reused], notice });
    return err("refresh_token_reused");
  }
  if (!current) return err("invalid_refresh_token");
  if (isReplayed) afterCommit(deps, { event: "refresh_token_replayed", userId });

  const { emailVerifiedAt, roles, ...session } = current;
  return ok(await issueTokens(deps.tokens, { id: userId, emailVerifiedAt, roles }, session, deps.now()));
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

/** In milliseconds. */
const lifetimes = ({ config }: Deps) => ({
  refreshToken: config.REFRESH_TOKEN_TTL_SECONDS * 1000,
  session: config.SESSION_MAX_AGE_SECONDS * 1000,
  reuseWindow: config.REFRESH_REUSE_WINDOW_SECONDS * 1000,
});

/** Renewing a session by its refresh token, for browsers and for OAuth clients. */
import { verifyRefreshToken } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import { err, ok } from "../result.ts";
import type { PresentedClient } from "../storage/oauth-clients.ts";
import { rotateSession } from "../storage/session-rotation.ts";
import { afterCommit, newNotice } from "./after-commit.ts";

/**
 * Uses a refresh token up and returns its session and user with their current claims. Within the
 * reuse window the previous token counts as the current one, or gets the next one if another user
 * agent presents it.
 *
 * Errors: `invalid_refresh_token` if this service did not issue it, its session has ended, it is
 * another client's, or the account must have a verified address and has none;
 * `refresh_token_reused` if it was used before, which ends the session; `invalid_client`;
 * `unauthorized_client` if the client may not refresh; `invalid_target` if the session is for
 * another resource; `invalid_scope` if it lacks one of the scopes; `too_many_requests`.
 */
export async function renewSession(
  deps: Deps,
  token: string | undefined,
  {
    client,
    resource,
    scopes,
  }: { client?: PresentedClient; resource?: string | undefined; scopes?: string[] | undefined } = {},
) {
  const claims = token ? verifyRefreshToken(deps.tokens.refreshKeys, token, deps.now()) : undefined;
  // The client is checked all the same: its error comes first.
  const { userId, sessionId, generation } = claims ?? { userId: "", sessionId: "", generation: 0 };
  if (!claims && !client) return err("invalid_refresh_token");

  const limited = claims && (await deps.limit("sessions", `refresh ${sessionId}`));
  if (limited) return limited;
  const notice = newNotice(deps, "refresh-token-reused", userId);
  const mustBeVerified = deps.config.REQUIRE_VERIFICATION;
  const presented = {
    userId,
    sessionId,
    generation,
    lifetimes: lifetimesOf(deps),
    mustBeVerified,
    client,
    resource,
    scopes,
  };
  const rotation = rotateSession(deps.db, presented, notice, deps.audit());
  // The first query detects reuse, a second one revokes the session. It finishes even if the caller
  // disconnects.
  deps.waitUntil(rotation.catch(() => undefined));
  const { current, isReplayed, reused, isFirstParty = false, mismatch } = await rotation;
  if (mismatch) return err(MISMATCHES[mismatch]);
  if (reused) {
    afterCommit(deps, { event: "refresh_token_reused", userId, ended: [reused], notice });
    return err("refresh_token_reused");
  }
  if (!current) return err("invalid_refresh_token");
  if (isReplayed) afterCommit(deps, { event: "refresh_token_replayed", userId });

  const { emailVerifiedAt, roles, ...session } = current;
  return ok({ user: { id: userId, emailVerifiedAt, roles }, session, isFirstParty });
}

const MISMATCHES = {
  client: "invalid_client",
  grant: "unauthorized_client",
  resource: "invalid_target",
  scope: "invalid_scope",
} as const;

/** In milliseconds. */
export const lifetimesOf = ({ config }: Deps) => ({
  refreshToken: config.REFRESH_TOKEN_TTL_SECONDS * 1000,
  session: config.SESSION_MAX_AGE_SECONDS * 1000,
  offlineRefreshToken: config.OAUTH_OFFLINE_TTL_SECONDS * 1000,
  offlineSession: config.OAUTH_OFFLINE_MAX_AGE_SECONDS * 1000,
  reuseWindow: config.REFRESH_REUSE_WINDOW_SECONDS * 1000,
});

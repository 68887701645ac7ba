import * as z from "zod";
import { issueTokens, verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { type IssuedTokens, TokenText } from "../../schemas/tokens.ts";
import { denySessions } from "../../storage/denylist.ts";
import { rotateSession } from "../../storage/sessions.ts";

export const Refresh = z.strictObject({ refresh_token: TokenText.optional() });

/** Turns a refresh token into a new pair, with what is now true of the user. The token before the current one gets the
 *  current one again within the reuse window. `invalid_refresh_token` when it is none of ours or its session has ended;
 *  `refresh_token_reused` when it was used before, which ends the session. */
export async function refresh(deps: Deps, token: string | undefined): Promise<Result<IssuedTokens>> {
  const claims = token && (await verifyRefreshToken(deps.tokens, token, deps.now()));
  if (!claims) return err("invalid_refresh_token");

  const { sub: userId, sid: sessionId, gen: generation } = claims;
  const presented = { userId, sessionId, generation, lifetimes: lifetimes(deps) };
  const notice = deps.newNotice();
  const rotation = rotateSession(deps.db, presented, notice, deps.audit());
  // A theft, which only the first trip tells, is ended in a second one: that goes on although the thief hangs up.
  deps.waitUntil(rotation.catch(() => undefined));
  const { current, reused } = await rotation;
  if (reused) {
    deps.logSecurityEvent("refresh_token_reused", userId);
    deps.waitUntil(denySessions(deps.denylist, [reused], deps.now()));
    deps.notify(notice);
    return err("refresh_token_reused");
  }
  if (!current) return err("invalid_refresh_token");

  const { emailVerifiedAt, roles, ...session } = current;
  return ok(await issueTokens(deps.tokens, { id: userId, emailVerifiedAt, roles }, session, deps.now()));
}

const lifetimes = ({ config }: Deps) => ({
  refreshToken: config.REFRESH_TOKEN_TTL_SECONDS * 1000,
  session: config.SESSION_MAX_AGE_SECONDS * 1000,
  reuseWindow: config.REFRESH_REUSE_WINDOW_SECONDS * 1000,
});

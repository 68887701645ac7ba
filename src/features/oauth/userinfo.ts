import { isOfClient, verifyAccessToken } from "../../crypto/access-token.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { findSessionUser } from "../../storage/session-user.ts";
import { claimsOf } from "./claims.ts";
import { userinfoUrl } from "./token.ts";

/**
 * Returns the claims of the user that the scopes of an access token allow (OpenID Connect Core
 * §5.3). Errors: `unauthenticated`; `insufficient_scope` without `openid`.
 */
export async function userinfo(deps: Deps, token: string | undefined): Promise<Result<object>> {
  const { tokens, now, config } = deps;
  const audiences = [userinfoUrl(deps), tokens.audience];
  const verified = await Promise.all(
    audiences.map((audience) => (token ? verifyAccessToken({ ...tokens, audience }, token, now()) : undefined)),
  );
  const claims = verified.find((each) => each !== undefined);
  if (!claims || isOfClient(claims)) return err("unauthenticated");
  const scopes = claims.scope?.split(" ") ?? [];
  if (!scopes.includes("openid")) return err("insufficient_scope");
  const ref = { userId: claims.sub, sessionId: claims.sid };
  const user = await findSessionUser(deps.db, ref, { now: now(), mustBeVerified: config.REQUIRE_VERIFICATION });
  return user ? ok(claimsOf(user, scopes)) : err("unauthenticated");
}

import { isOfClient } from "../../crypto/access-token.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { findSessionUser } from "../../storage/session-user.ts";
import { claimsOf } from "./claims.ts";
import { verifyForAnyAudience } from "./issued-tokens.ts";
import { userinfoUrl } from "./token.ts";

/**
 * Returns the claims of the user that the scopes of an access token allow (OpenID Connect Core
 * §5.3). Errors: `unauthenticated`; `insufficient_scope` without `openid`.
 */
export async function userinfo(deps: Deps, token: string | undefined): Promise<Result<object>> {
  const { tokens, now, config } = deps;
  const claims = token && (await verifyForAnyAudience(deps, token));
  if (!claims || isOfClient(claims)) return err("unauthenticated");
  if (![userinfoUrl(deps), tokens.audience].includes(claims.aud)) return err("unauthenticated");
  const scopes = claims.scope?.split(" ") ?? [];
  if (!scopes.includes("openid")) return { ...err("insufficient_scope"), scope: "openid" };
  const ref = { userId: claims.sub, sessionId: claims.sid };
  const user = await findSessionUser(deps.db, ref, { now: now(), mustBeVerified: config.REQUIRE_VERIFICATION });
  return user ? ok(claimsOf(user, scopes)) : err("unauthenticated");
}

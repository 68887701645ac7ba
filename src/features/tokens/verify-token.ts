import * as z from "zod/mini";
import { isActiveApiKey, verifyApiKey } from "../../auth/api-keys.ts";
import type { PublicKeys, VerifyOptions } from "../../contract/auth-service.ts";
import type { AccessClaims } from "../../contract/claims.ts";
import { isOfApiKey, isOfClient, verifyAccessToken } from "../../crypto/access-token.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional, optionalOr } from "../../schemas/optional.ts";
import { TokenText } from "../../schemas/tokens.ts";
import { isDenied } from "../../storage/denylist.ts";
import { findClient } from "../../storage/oauth-clients.ts";
import { findSessionUser } from "../../storage/session-user.ts";

export async function publicKeys({ tokens }: Deps): Promise<Result<PublicKeys>> {
  const { issuer, audience, typ, keys } = tokens;
  return ok({ issuer, audience, typ, keys: keys.jwks.keys });
}

const Tier = z.enum(["local", "revocation", "authoritative"]);

export const VerifyToken = z.strictObject({
  token: TokenText,
  /** The required audience. Default: `ACCESS_TOKEN_AUDIENCE`. */
  audience: optional(z.string().check(z.minLength(1))),
  tier: optionalOr(Tier, "revocation"),
  apiKeys: optionalOr(z.boolean(), false),
} satisfies RequestFields<VerifyOptions & { token: string }>);

/**
 * Verifies an access token as thoroughly as the tier says and returns its claims.
 *
 * Errors: `unauthenticated` if it is invalid, for another audience, or its session has ended, or if
 * the account must have a verified address and has none (only `authoritative` sees that);
 * `storage_unavailable` if the denylist does not answer.
 */
export async function verifyToken(
  deps: Deps,
  { token, audience = deps.tokens.audience, tier, apiKeys }: z.infer<typeof VerifyToken>,
): Promise<Result<AccessClaims>> {
  const ofKey = apiKeys ? await verifyApiKey(deps, token, audience) : undefined;
  if (ofKey) return ok(ofKey);
  const claims = await verifyAccessToken({ ...deps.tokens, audience }, token, deps.now());
  if (!claims || (isOfApiKey(claims) && !apiKeys)) return err("unauthenticated");
  if (tier === "local") return ok(claims);

  if (tier === "authoritative" && isOfApiKey(claims)) {
    return (await isActiveApiKey(deps, claims)) ? ok(claims) : err("unauthenticated");
  }
  if (tier === "authoritative" && isOfClient(claims)) {
    return (await findClient(deps.db, claims.sub)) ? ok(claims) : err("unauthenticated");
  }
  if (tier === "authoritative") {
    const ref = { userId: claims.sub, sessionId: claims.sid };
    const user = await findSessionUser(deps.db, ref, {
      now: deps.now(),
      mustBeVerified: deps.config.REQUIRE_VERIFICATION,
    });
    return user
      ? ok({ ...claims, roles: user.roles, email_verified: user.emailVerifiedAt !== null })
      : err("unauthenticated");
  }
  const denied = await isDenied(deps.denylist, claims.sid);
  if (denied === undefined) return err("storage_unavailable");
  return denied ? err("unauthenticated") : ok(claims);
}

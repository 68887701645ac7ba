/** Access tokens without a sign-in: of OAuth clients that act for themselves, and of API keys. */
import type { AccessClaims } from "../contract/claims.ts";
import { sidOfClient } from "./access-token.ts";
import { IAT_BACKDATE_SECONDS, sign, type TokenSettings, toSeconds } from "./tokens.ts";

/** The content of such a token. */
interface Unattended extends Pick<AccessClaims, "sub" | "sid" | "client_id"> {
  scope: string;
  audience: string;
  emailVerified?: boolean;
  /** In seconds. Default: that of every access token. */
  ttl?: number;
}

/** Creates the claims of such a token. It has no roles, and nobody authenticated. */
export function unattendedClaims(
  settings: TokenSettings,
  { audience, emailVerified = false, ttl = settings.accessTokenTtlSeconds, ...rest }: Unattended,
  now: number,
): AccessClaims {
  const issuedAt = toSeconds(now);
  return {
    iss: settings.issuer,
    aud: audience,
    jti: crypto.randomUUID(),
    iat: issuedAt - IAT_BACKDATE_SECONDS,
    exp: issuedAt + ttl,
    // No user has proven anything: it is too old for every `maxAuthAge`.
    auth_time: 0,
    amr: [],
    acr: "aal1",
    email_verified: emailVerified,
    roles: [],
    ...rest,
  };
}

/** Signs such a token. Its lifetime is in seconds. */
export async function issueUnattended(settings: TokenSettings, claims: AccessClaims, now: number) {
  const issuedAt = toSeconds(now);
  return {
    access_token: await sign(settings, claims, { issuedAt, typ: settings.typ }),
    expires_in: claims.exp - issuedAt,
  };
}

/** Issues an access token to a client itself (RFC 6749 §4.4), which is no user. */
export function issueClientToken(
  settings: TokenSettings,
  { clientId, ...granted }: { clientId: string; scope: string; audience: string },
  now: number,
) {
  const claims = { sub: clientId, sid: sidOfClient(clientId), client_id: clientId, ...granted };
  return issueUnattended(settings, unattendedClaims(settings, claims, now), now);
}

/**
 * Issues the tokens of a session: an access token (JWT, RFC 9068) and a refresh token.
 *
 * A caller passes the session as stored; this module does not read or write storage. It does not
 * decide who gets a session. `access-token.ts` and `refresh-token.ts` verify the tokens.
 */
import { SignJWT } from "jose";
import type { AccessClaims } from "../contract/claims.ts";
import { ACCESS_TOKEN_TYPE, FIRST_PARTY_CLIENT_ID, type TokenChecks } from "./access-token.ts";
import type { Keys } from "./keys.ts";
import { type RefreshKeys, signRefreshToken } from "./refresh-token.ts";

/** The keys, claims and lifetimes of the tokens that this service issues and verifies. */
export interface TokenSettings extends TokenChecks {
  keys: Keys;
  refreshKeys: RefreshKeys;
  accessTokenTtlSeconds: number;
}

interface Subject {
  id: string;
  emailVerifiedAt: number | null;
  roles: string[];
}

interface TokenSession {
  id: string;
  generation: number;
  /** Unix time in milliseconds. */
  expiresAt: number;
  /** Unix time in milliseconds. */
  authenticatedAt: number;
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** The OAuth client; null for first-party sign-ins. */
  clientId: string | null;
  scope: string | null;
}

/** Tests whether these methods (RFC 8176) are at least two factors. */
export const isMultiFactor = (amr: string[]): boolean => amr.includes("mfa");

/** Issues the token pair of a session (RFC 6749 §5.1). Lifetimes are in seconds. */
export async function issueTokens(settings: TokenSettings, user: Subject, session: TokenSession, now: number) {
  const iat = toSeconds(now);
  const sessionEnd = toSeconds(session.expiresAt);
  const exp = Math.min(iat + settings.accessTokenTtlSeconds, sessionEnd);
  const claims = {
    iss: settings.issuer,
    aud: settings.audience,
    sub: user.id,
    sid: session.id,
    jti: crypto.randomUUID(),
    iat,
    exp,
    auth_time: toSeconds(session.authenticatedAt),
    amr: session.amr,
    acr: isMultiFactor(session.amr) ? "aal2" : "aal1",
    client_id: session.clientId ?? FIRST_PARTY_CLIENT_ID,
    ...(session.scope !== null && { scope: session.scope }),
    email_verified: user.emailVerifiedAt !== null,
    roles: user.roles,
  } satisfies AccessClaims;
  const refresh = {
    userId: user.id,
    sessionId: session.id,
    generation: session.generation,
    expiresAt: sessionEnd,
  };

  return {
    access_token: await sign(settings.keys, claims),
    token_type: "bearer" as const,
    expires_in: exp - iat,
    refresh_token: signRefreshToken(settings.refreshKeys, refresh),
    refresh_expires_in: sessionEnd - iat,
  };
}

function sign({ signing }: Keys, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: signing.alg, kid: signing.kid, typ: ACCESS_TOKEN_TYPE })
    .sign(signing.privateKey);
}

const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

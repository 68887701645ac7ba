/**
 * The tokens of a session: an access token (JWT, RFC 9068; `access-token.ts` verifies it) and a
 * refresh token, a list of signed values (`signed-values.ts`). The keys of the JWKS do not verify
 * it. The database stores no token. This module does not decide who gets a session.
 */
import { SignJWT } from "jose";
import type { AccessClaims, AccessTokenType } from "../contract/claims.ts";
import { FIRST_PARTY_CLIENT_ID, type TokenChecks } from "./access-token.ts";
import { type Keys, signingKeyAt } from "./keys.ts";
import { decodeValues, type SigningSecrets, signValues, verifyValues } from "./signed-values.ts";

/** The keys, claims and lifetimes of the tokens that this service issues and verifies. */
export interface TokenSettings extends TokenChecks {
  typ: AccessTokenType;
  keys: Keys;
  refreshKeys: SigningSecrets;
  deviceKeys: SigningSecrets;
  loginKeys: SigningSecrets;
  challengeKeys: SigningSecrets;
  accessTokenTtlSeconds: number;
}

/** The claims of a user in tokens. */
export interface TokenUser {
  id: string;
  emailVerifiedAt: number | null;
  roles: string[];
}

/** The claims of a session in tokens. */
export interface TokenSession {
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

/**
 * How far the `iat` of a token lies before its time of issue. Many verifiers refuse an `iat` that
 * is in the future by their own clock, even by a fraction of a second. GitHub asks for 60 seconds
 * in the JWTs of its apps, for the same reason. `exp` and `auth_time` are exact.
 */
export const IAT_BACKDATE_SECONDS = 30;

/** Tests whether these methods (RFC 8176) are at least two factors. */
export const isMultiFactor = (amr: string[]): boolean => amr.includes("mfa");

/**
 * Issues the token pair of a session (RFC 6749 §5.1). Lifetimes are in seconds. `audience` is that
 * of the access token, by default the one of the service.
 */
export async function issueTokens(
  settings: TokenSettings,
  user: TokenUser,
  session: TokenSession,
  now: number,
  audience = settings.audience,
) {
  const issuedAt = toSeconds(now);
  const sessionEnd = toSeconds(session.expiresAt);
  const exp = Math.min(issuedAt + settings.accessTokenTtlSeconds, sessionEnd);
  const claims = {
    iss: settings.issuer,
    aud: audience,
    sub: user.id,
    sid: session.id,
    jti: crypto.randomUUID(),
    iat: issuedAt - IAT_BACKDATE_SECONDS,
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
    access_token: await sign(settings, claims, { issuedAt, typ: settings.typ }),
    token_type: "bearer" as const,
    expires_in: exp - issuedAt,
    refresh_token: signRefreshToken(settings.refreshKeys, refresh),
    refresh_expires_in: sessionEnd - issuedAt,
  };
}

/** Signs claims as a JWT of this `typ`. `issuedAt` chooses the key. */
export function sign(
  { keys }: TokenSettings,
  claims: object,
  { issuedAt, typ }: { issuedAt: number; typ: string },
): Promise<string> {
  const { alg, kid, privateKey } = signingKeyAt(keys, issuedAt);
  return new SignJWT({ ...claims }).setProtectedHeader({ alg, kid, typ }).sign(privateKey);
}

/** How long a client may take to check an ID token, which it does once. */
const ID_TOKEN_TTL_SECONDS = 3600;

/** The claims of an ID token that are not those of its session. */
interface IdTokenContent {
  clientId: string;
  nonce: string | null;
  /** The access token beside it. */
  accessToken: string;
  /** The claims of the user that its scopes allow. */
  claims: object;
}

/**
 * Issues an ID token (OpenID Connect Core §2). It has no `jti`, and its audience is a client, so no
 * verifier takes it for an access token.
 */
export async function issueIdToken(
  settings: TokenSettings,
  session: Pick<TokenSession, "id" | "amr" | "authenticatedAt">,
  { clientId, nonce, accessToken, claims }: IdTokenContent,
  now: number,
): Promise<string> {
  const issuedAt = toSeconds(now);
  // Core §3.1.3.6. For Ed25519 the hash is that of its signature, SHA-512.
  const isEdwards = signingKeyAt(settings.keys, issuedAt).alg === "EdDSA";
  const hash = Buffer.from(await crypto.subtle.digest(isEdwards ? "SHA-512" : "SHA-256", Buffer.from(accessToken)));
  const content = {
    ...claims,
    iss: settings.issuer,
    aud: clientId,
    iat: issuedAt - IAT_BACKDATE_SECONDS,
    exp: issuedAt + ID_TOKEN_TTL_SECONDS,
    auth_time: toSeconds(session.authenticatedAt),
    amr: session.amr,
    acr: isMultiFactor(session.amr) ? "aal2" : "aal1",
    ...(nonce !== null && { nonce }),
    sid: session.id,
    at_hash: hash.subarray(0, hash.length / 2).toString("base64url"),
  };
  return sign(settings, content, { issuedAt, typ: "JWT" });
}

export const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** The claims of a refresh token. `generation` counts the tokens of its session. */
export interface RefreshToken {
  userId: string;
  sessionId: string;
  generation: number;
  /** Unix time in seconds. */
  expiresAt: number;
}

/** Must not change: every refresh token names it in its HMAC. */
const REFRESH = "refresh-token";

/** Creates a refresh token. */
export const signRefreshToken = (
  keys: SigningSecrets,
  { userId, sessionId, generation, expiresAt }: RefreshToken,
): string => signValues(keys, REFRESH, [userId, sessionId, generation, expiresAt]);

/**
 * Verifies a refresh token and returns its claims. Returns undefined if this service did not issue
 * it, or if it has expired, unless `allowExpired`. Does not check that the session is active.
 */
export function verifyRefreshToken(
  keys: SigningSecrets,
  token: string,
  now: number,
  { allowExpired = false }: { allowExpired?: boolean } = {},
): RefreshToken | undefined {
  const claims = toClaims(verifyValues(keys, REFRESH, token));
  return claims && (allowExpired || claims.expiresAt * 1000 > now) ? claims : undefined;
}

/** Reads a refresh token without verifying it. */
export const decodeRefreshToken = (token: string): RefreshToken | undefined => toClaims(decodeValues(token));

function toClaims([userId, sessionId, generation, expiresAt]: unknown[] = []): RefreshToken | undefined {
  if (typeof userId !== "string" || typeof sessionId !== "string") return undefined;
  return isInteger(generation) && isInteger(expiresAt) ? { userId, sessionId, generation, expiresAt } : undefined;
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

/**
 * How old the proof of a factor that is no password may be if `REAUTHENTICATION_SECONDS` is less:
 * the request that follows has no place for another proof of it.
 */
export const MIN_PROOF_SECONDS = 60;

/** How old such a proof may be. */
export const maxProofSeconds = ({ REAUTHENTICATION_SECONDS }: { REAUTHENTICATION_SECONDS: number }): number =>
  Math.max(REAUTHENTICATION_SECONDS, MIN_PROOF_SECONDS);

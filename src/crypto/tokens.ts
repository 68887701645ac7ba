/**
 * The tokens of a session: an access token (JWT, RFC 9068; `access-token.ts` verifies it) and a
 * refresh token, `base64url(payload).base64url(HMAC-SHA-256)`. A refresh token is no JWT, so no
 * service can mistake it for an access token: the keys of the JWKS do not verify it. The database
 * stores no token. This module does not decide who gets a session.
 */
import nodeCrypto from "node:crypto";
import { SignJWT } from "jose";
import type { AccessClaims } from "../contract/claims.ts";
import { ACCESS_TOKEN_TYPE, FIRST_PARTY_CLIENT_ID, type TokenChecks } from "./access-token.ts";
import { hmac } from "./hmac.ts";
import { type Keys, signingKeyAt } from "./keys.ts";

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

function sign(keys: Keys, claims: AccessClaims): Promise<string> {
  const { alg, kid, privateKey } = signingKeyAt(keys, claims.iat);
  return new SignJWT({ ...claims }).setProtectedHeader({ alg, kid, typ: ACCESS_TOKEN_TYPE }).sign(privateKey);
}

const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** The claims of a refresh token. `generation` counts the tokens of its session. */
export interface RefreshToken {
  userId: string;
  sessionId: string;
  generation: number;
  /** Unix time in seconds. */
  expiresAt: number;
}

/** HMAC keys. The first signs, all verify. */
export type RefreshKeys = [string, ...string[]];

const MAX_LENGTH = 512;

/** Derives the keys of refresh tokens from the peppers, in their order. */
export function deriveRefreshKeys([first, ...others]: RefreshKeys): RefreshKeys {
  const derive = (pepper: string) => hmac(pepper, ["refresh-token-key"]).toString("base64url");
  return [derive(first), ...others.map(derive)];
}

/** Creates a refresh token. */
export function signRefreshToken([key]: RefreshKeys, { userId, sessionId, generation, expiresAt }: RefreshToken) {
  const payload = Buffer.from(JSON.stringify([userId, sessionId, generation, expiresAt])).toString("base64url");
  return `${payload}.${macOf(key, payload)}`;
}

/**
 * Verifies a refresh token and returns its claims. Returns undefined if this service did not issue
 * it, or if it has expired, unless `allowExpired`. Does not check that the session is active.
 */
export function verifyRefreshToken(
  keys: RefreshKeys,
  token: string,
  now: number,
  { allowExpired = false }: { allowExpired?: boolean } = {},
): RefreshToken | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  const [payload = "", mac = "", ...rest] = token.split(".");
  const isOurs = rest.length === 0 && keys.some((key) => isSame(macOf(key, payload), mac));
  const claims = isOurs ? decodeRefreshToken(token) : undefined;
  return claims && (allowExpired || claims.expiresAt * 1000 > now) ? claims : undefined;
}

/** Reads a refresh token without verifying it. */
export function decodeRefreshToken(token: string): RefreshToken | undefined {
  try {
    const [payload = ""] = token.split(".");
    const [userId, sessionId, generation, expiresAt] = JSON.parse(Buffer.from(payload, "base64url").toString());
    if (typeof userId !== "string" || typeof sessionId !== "string") return undefined;
    return Number.isSafeInteger(generation) && Number.isSafeInteger(expiresAt)
      ? { userId, sessionId, generation, expiresAt }
      : undefined;
  } catch {
    return undefined;
  }
}

const macOf = (key: string, payload: string) => hmac(key, ["refresh-token", payload]).toString("base64url");

/** Compares the base64url text, not the bytes: one MAC has several spellings in base64url. */
function isSame(expected: string, actual: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
  return a.length === b.length && nodeCrypto.timingSafeEqual(a, b);
}

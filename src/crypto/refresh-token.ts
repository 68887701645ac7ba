/**
 * Refresh tokens: `base64url(payload).base64url(HMAC-SHA-256)`.
 *
 * A refresh token is not a JWT, so no service can mistake it for an access token: the keys of the
 * JWKS do not verify it. The database stores no token; the payload names the session and its
 * generation. `storage/session-rotation.ts` decides whether a token is current.
 */
import nodeCrypto from "node:crypto";
import { hmac } from "./hmac.ts";

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

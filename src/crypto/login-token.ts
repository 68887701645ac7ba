/**
 * Login tokens: they prove that somebody has given a right first factor a moment ago, and wait for
 * the second one. A login token opens nothing by itself.
 */
import { type SigningSecrets, signValues, verifyValues } from "./signed-values.ts";

/** Five minutes. */
export const LOGIN_TOKEN_TTL_SECONDS = 300;

const PURPOSE = "login-token";

/** The claims of a login token. */
export interface LoginToken {
  userId: string;
  /** The token is void after a change of credentials. */
  credentialVersion: number;
  /** How the user authenticated so far (RFC 8176). */
  amr: string[];
  /** Unix time in milliseconds. */
  authenticatedAt: number;
}

/** Creates a login token. */
export const signLoginToken = (
  keys: SigningSecrets,
  { userId, credentialVersion, amr, authenticatedAt }: LoginToken,
): string => signValues(keys, PURPOSE, [userId, credentialVersion, amr, authenticatedAt]);

/** Verifies a login token. Returns undefined if it was not issued here or has expired. */
export function verifyLoginToken(keys: SigningSecrets, token: string, now: number): LoginToken | undefined {
  const [userId, credentialVersion, amr, authenticatedAt] = verifyValues(keys, PURPOSE, token) ?? [];
  if (typeof userId !== "string" || typeof credentialVersion !== "number") return undefined;
  if (!Array.isArray(amr) || typeof authenticatedAt !== "number") return undefined;
  if (authenticatedAt + LOGIN_TOKEN_TTL_SECONDS * 1000 <= now) return undefined;
  return { userId, credentialVersion, amr, authenticatedAt };
}

/**
 * Login tokens: they prove that somebody has given a right first factor a moment ago, and wait for
 * the next step of the sign-in. A login token opens nothing by itself.
 */
import { type SigningSecrets, signValues, verifyValues } from "./signed-values.ts";

/** The step that a login token is for. It is refused for the other one. */
export type LoginStep = "second-factor" | "enroll";

/** Five minutes for a code; ten for a person who has to install an app first. */
export const LOGIN_TOKEN_TTL_SECONDS: Record<LoginStep, number> = { "second-factor": 300, enroll: 600 };

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
  step: LoginStep,
  { userId, credentialVersion, amr, authenticatedAt }: LoginToken,
  now: number,
): string => {
  const expiresAt = now + LOGIN_TOKEN_TTL_SECONDS[step] * 1000;
  return signValues(keys, PURPOSE, [step, userId, credentialVersion, amr, authenticatedAt, expiresAt]);
};

/**
 * Verifies a login token for a step. Returns undefined if it was not issued here, or for the other
 * step, or has expired.
 */
export function verifyLoginToken(
  keys: SigningSecrets,
  wanted: LoginStep,
  token: string,
  now: number,
): (LoginToken & { expiresAt: number }) | undefined {
  const [step, userId, credentialVersion, amr, authenticatedAt, expiresAt] = verifyValues(keys, PURPOSE, token) ?? [];
  if (step !== wanted || typeof userId !== "string" || typeof credentialVersion !== "number") return undefined;
  if (!Array.isArray(amr) || typeof authenticatedAt !== "number" || typeof expiresAt !== "number") return undefined;
  return expiresAt > now ? { userId, credentialVersion, amr, authenticatedAt, expiresAt } : undefined;
}

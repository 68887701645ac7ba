/**
 * Registration tokens: they prove that a browser created an account a moment ago, and with it its
 * first credential. With the code that verifies the address, they sign in. A registration token
 * opens nothing by itself.
 */
import { type SigningSecrets, signValues, verifyValues } from "./signed-values.ts";

/** One hour. */
export const REGISTRATION_TOKEN_TTL_SECONDS = 3600;

const PURPOSE = "registration-token";

/** The claims of a registration token. */
export interface RegistrationToken {
  userId: string;
  /** The token is void after a change of credentials. */
  credentialVersion: number;
  /** When the account was created, in Unix milliseconds. */
  createdAt: number;
  /** How the user proved that credential (RFC 8176). */
  amr: string[];
}

/** Creates a registration token. */
export const signRegistrationToken = (
  keys: SigningSecrets,
  { userId, credentialVersion, createdAt, amr }: RegistrationToken,
): string => signValues(keys, PURPOSE, [userId, credentialVersion, createdAt, amr.join(" ")]);

/** Verifies a registration token. Returns undefined if it was not issued here or has expired. */
export function verifyRegistrationToken(
  keys: SigningSecrets,
  token: string,
  now: number,
): RegistrationToken | undefined {
  // Tokens of earlier releases have no methods: all accounts were created with a password.
  const [userId, credentialVersion, createdAt, amr = "pwd"] = verifyValues(keys, PURPOSE, token) ?? [];
  if (typeof userId !== "string" || typeof credentialVersion !== "number" || typeof amr !== "string") {
    return undefined;
  }
  if (typeof createdAt !== "number" || createdAt + REGISTRATION_TOKEN_TTL_SECONDS * 1000 <= now) return undefined;
  return { userId, credentialVersion, createdAt, amr: amr.split(" ") };
}

/**
 * Recovery codes: they replace a lost second factor, once each. The digests are keyed and fast: a
 * code has 50 random bits, and nobody can guess it from a digest without the pepper.
 */
import { hmac } from "./hmac.ts";

/** How many codes a set has. */
export const RECOVERY_CODES = 10;
const HALF_LENGTH = 5;
/** Crockford's base32, which leaves out letters that look like others: 5 bits each. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Letters that people read for others of the alphabet. */
const MISREAD: Record<string, string> = { o: "0", i: "1", l: "1" };

/** A code in its canonical form, without the hyphen. */
const RECOVERY_CODE = new RegExp(`^[${ALPHABET}]{${2 * HALF_LENGTH}}$`);

/** Creates a set of codes such as `3kq8d-x0v2m`. */
export const createRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(2 * HALF_LENGTH));
    const letters = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
    return `${letters.slice(0, HALF_LENGTH)}-${letters.slice(HALF_LENGTH)}`;
  });

/** Returns the canonical form of a typed code, or undefined if it cannot be one. */
export function parseRecoveryCode(typed: string): string | undefined {
  const code = typed
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]/gu, "")
    .replace(/[oil]/g, (letter) => MISREAD[letter] as string);
  return RECOVERY_CODE.test(code) ? code : undefined;
}

/** Returns the digest of a code, as stored. */
export const digestOfRecoveryCode = (pepper: string, userId: string, code: string): string =>
  hmac(pepper, ["recovery-code", userId, code.replace("-", "")]).toString("base64url");

import { hmac as mac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * Computes the HMAC-SHA-256 (RFC 2104) of a list of strings. Encoding the list as JSON keeps
 * ["ab", "c"] and ["a", "bc"] apart. The pepper is in base64url.
 */
export const hmac = (pepper: string, parts: string[]): Buffer =>
  Buffer.from(mac(sha256, Buffer.from(pepper, "base64url"), Buffer.from(JSON.stringify(parts))));

/**
 * Compares secrets in a time that reveals only their length. For a MAC, compare its text, not its
 * bytes: one MAC has several spellings in base64url.
 */
export function isSame(expected: string, actual: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
  return a.length === b.length && crypto.subtle.timingSafeEqual(a, b);
}

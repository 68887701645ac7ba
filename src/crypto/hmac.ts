import nodeCrypto from "node:crypto";

/**
 * Computes the HMAC-SHA-256 (RFC 2104) of a list of strings. Encoding the list as JSON keeps
 * ["ab", "c"] and ["a", "bc"] apart. The pepper is in base64url.
 */
export const hmac = (pepper: string, parts: string[]): Buffer =>
  nodeCrypto.createHmac("sha256", Buffer.from(pepper, "base64url")).update(JSON.stringify(parts)).digest();

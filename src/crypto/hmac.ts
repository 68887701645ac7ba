import nodeCrypto from "node:crypto";

/** HMAC-SHA-256 (RFC 2104) of these parts, which JSON keeps apart. The pepper is in base64url. */
export const hmac = (pepper: string, parts: string[]): Buffer =>
  nodeCrypto.createHmac("sha256", Buffer.from(pepper, "base64url")).update(JSON.stringify(parts)).digest();

import { sha256 as digest } from "@noble/hashes/sha2.js";

/** Computes the SHA-256 of bytes, or of the UTF-8 of a text. */
export const sha256 = (data: string | Uint8Array): Buffer =>
  Buffer.from(digest(typeof data === "string" ? Buffer.from(data) : data));

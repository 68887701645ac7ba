/** The expected values that both ceremonies share, and the encodings that browsers use. */
import { check, Refusal, type RefusalReason } from "./refusal.ts";

/** The values that a response must have. */
export interface Ceremony {
  /** The challenge of the options, in base64url. The caller checks its age and spends it. */
  challenge: string;
  /** The origins of the pages that may ask, compared exactly. */
  origins: readonly string[];
  rpId: string;
  userVerification: "required" | "preferred";
}

/** Decodes base64url without padding. Of the encodings of the same bytes only one is accepted. */
export function fromBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  check(bytes.toString("base64url") === text, "malformed_base64url");
  return bytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes UTF-8. A byte order mark stays, and is no part of JSON. */
export function fromUtf8(bytes: Buffer, otherwise: RefusalReason): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refusal(otherwise);
  }
}

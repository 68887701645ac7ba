import { check } from "./refusal.ts";

/** What a response is checked against. */
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

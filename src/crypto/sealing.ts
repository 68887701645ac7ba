/**
 * Secrets that the service has to read again, sealed with AES-256-GCM under keys that are derived
 * from the peppers. A sealed secret opens only for the subject that it was sealed for, so that a
 * row cannot be copied to another account.
 */
import { deriveSecrets, type SigningSecrets } from "./signed-values.ts";

/** NIST SP 800-38D §8.2.2. */
const IV_BYTES = 12;

/** Seals a text for a subject, under the first pepper. Returns base64url. */
export async function seal(peppers: SigningSecrets, subject: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const [key] = deriveSecrets(peppers, "sealing");
  const sealed = await crypto.subtle.encrypt(parametersOf(iv, subject), await importKey(key), Buffer.from(text));
  return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64url");
}

/** Opens a sealed text, under any of the peppers. Returns undefined if none of them opens it. */
export async function unseal(peppers: SigningSecrets, subject: string, sealed: string): Promise<string | undefined> {
  const bytes = Buffer.from(sealed, "base64url");
  const [iv, text] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES)];
  for (const key of deriveSecrets(peppers, "sealing")) {
    try {
      return Buffer.from(await crypto.subtle.decrypt(parametersOf(iv, subject), await importKey(key), text)).toString();
    } catch {
      // Sealed under another pepper, or for another subject.
    }
  }
  return undefined;
}

const importKey = (key: string) =>
  crypto.subtle.importKey("raw", Buffer.from(key, "base64url"), "AES-GCM", false, ["encrypt", "decrypt"]);

const parametersOf = (iv: Uint8Array, subject: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: Buffer.from(subject),
});

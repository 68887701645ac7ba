/**
 * Lists of values that only this service can sign: `base64url(JSON).base64url(HMAC-SHA-256)`.
 * They are not JWTs, so that no service can mistake one for an access token.
 */
import { hmac, isSame } from "./hmac.ts";

/** HMAC keys in base64url. The first signs, all verify. */
export type SigningSecrets = [string, ...string[]];

const MAX_LENGTH = 512;

/** Derives the keys of one purpose from the peppers, in their order. */
export function deriveSecrets([first, ...others]: SigningSecrets, purpose: string): SigningSecrets {
  const derive = (pepper: string) => hmac(pepper, [`${purpose}-key`]).toString("base64url");
  return [derive(first), ...others.map(derive)];
}

/** Signs values for a purpose. */
export function signValues([key]: SigningSecrets, purpose: string, values: unknown[]): string {
  const payload = Buffer.from(JSON.stringify(values)).toString("base64url");
  return `${payload}.${macOf(key, purpose, payload)}`;
}

/** Returns the signed values, or undefined if this service did not sign them for this purpose. */
export function verifyValues(keys: SigningSecrets, purpose: string, token: string): unknown[] | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  const [payload = "", mac = "", ...rest] = token.split(".");
  const isOurs = rest.length === 0 && keys.some((key) => isSame(macOf(key, purpose, payload), mac));
  return isOurs ? decodeValues(token) : undefined;
}

/** Reads the values without verifying them. */
export function decodeValues(token: string): unknown[] | undefined {
  try {
    const [payload = ""] = token.split(".");
    const values: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

const macOf = (key: string, purpose: string, payload: string) => hmac(key, [purpose, payload]).toString("base64url");

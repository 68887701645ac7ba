/**
 * Device tokens: they prove that a user signed in on this browser or app before (OWASP, device
 * cookies). Guesses from there have a count of their own, so that strangers cannot lock an owner
 * out. A device token grants nothing by itself.
 */
import { type SigningSecrets, signValues, verifyValues } from "./signed-values.ts";

/** 180 days. */
export const DEVICE_TOKEN_TTL_SECONDS = 15_552_000;

const PURPOSE = "device-token";

/** The claims of a device token. */
export interface DeviceToken {
  userId: string;
  deviceId: string;
  /** The token is void after a change of credentials, because a thief may have signed in before. */
  credentialVersion: number;
  /** Unix time in seconds. */
  expiresAt: number;
}

/** Creates a device token. */
export const signDeviceToken = (
  keys: SigningSecrets,
  { userId, deviceId, credentialVersion, expiresAt }: DeviceToken,
): string => signValues(keys, PURPOSE, [userId, deviceId, credentialVersion, expiresAt]);

/** Verifies a device token. Returns undefined if it was not issued here or has expired. */
export function verifyDeviceToken(keys: SigningSecrets, token: string, now: number): DeviceToken | undefined {
  const [userId, deviceId, credentialVersion, expiresAt] = verifyValues(keys, PURPOSE, token) ?? [];
  if (typeof userId !== "string" || typeof deviceId !== "string") return undefined;
  if (typeof credentialVersion !== "number" || typeof expiresAt !== "number") return undefined;
  return expiresAt * 1000 > now ? { userId, deviceId, credentialVersion, expiresAt } : undefined;
}

/** Devices on which a user signed in before: the one that a request names, and its next token. */
import { DEVICE_TOKEN_TTL_SECONDS, signDeviceToken, verifyDeviceToken } from "../crypto/device-token.ts";
import type { Deps } from "../deps.ts";
import type { MessageRequest } from "../schemas/message.ts";
import type { KnownDevice } from "../storage/lockout-subjects.ts";

/**
 * Returns the device that a request names by `given`, from the body, or by the cookie. The token is
 * valid, but it may be one of another account or of older credentials: the database decides.
 */
export function namedDevice({ tokens, requestContext, now }: Deps, given?: string): KnownDevice | undefined {
  const token = given ?? requestContext.deviceToken;
  return token === undefined ? undefined : verifyDeviceToken(tokens.deviceKeys, token, now());
}

/**
 * Issues the device token of a user who has just proven a credential. A device that the user has
 * used before keeps its id, and with it its count of failed guesses.
 */
export function issueDeviceToken(
  { tokens, now }: Deps,
  { userId, credentialVersion }: Pick<KnownDevice, "userId" | "credentialVersion">,
  device: KnownDevice | undefined,
): string {
  const deviceId = device?.userId === userId ? device.deviceId : crypto.randomUUID();
  const expiresAt = Math.floor(now() / 1000) + DEVICE_TOKEN_TTL_SECONDS;
  return signDeviceToken(tokens.deviceKeys, { userId, deviceId, credentialVersion, expiresAt });
}

/** The member of a requested message that names the owner who asks for it from a known device. */
export function requester(deps: Deps, given?: string): Pick<MessageRequest, "trusted"> {
  const device = namedDevice(deps, given);
  return device ? { trusted: { user_id: device.userId, credential_version: device.credentialVersion } } : {};
}

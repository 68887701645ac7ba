import type { Tokens } from "../contract/tokens.ts";
import { issueTokens } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import type { KnownDevice } from "../storage/lockout-subjects.ts";
import type { CurrentSession } from "../storage/session-replacement.ts";
import { issueDeviceToken, namedDevice } from "./device.ts";

/** Issues the tokens of a session whose user has just proven a credential, on this device. */
export async function issueSessionTokens(
  deps: Deps,
  { user, session }: CurrentSession,
  device: KnownDevice | undefined = namedDevice(deps),
): Promise<Tokens> {
  const { id: userId, credentialVersion } = user;
  return {
    ...(await issueTokens(deps.tokens, user, session, deps.now())),
    device_token: issueDeviceToken(deps, { userId, credentialVersion }, device),
  };
}

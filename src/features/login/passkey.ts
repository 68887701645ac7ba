/** Signing in with a passkey alone: it names the user, and the authenticator has verified them. */
import * as z from "zod/mini";
import { guessSource } from "../../auth/lockout.ts";
import { authenticationOptions, verifyPasskey } from "../../auth/passkeys.ts";
import { completeSignIn, refuseSignIn } from "../../auth/sign-in.ts";
import type * as contract from "../../contract/requests.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { AuthenticationOptionsJSON } from "../../contract/webauthn.ts";
import { hmac } from "../../crypto/hmac.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { refuseMethod } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { deviceField, Transport } from "../../schemas/tokens.ts";
import { AuthenticationResponse } from "../../schemas/webauthn.ts";
import { findPasskeyAccount } from "../../storage/sign-in-accounts.ts";

export const PasskeyLogin = z.strictObject({
  credential: AuthenticationResponse,
  ...deviceField,
  transport: optional(Transport),
} satisfies RequestFields<contract.PasskeyLogin & TransportField>);

const SIGN_IN = { purpose: "sign-in", subject: "", isFirstFactor: true } as const;

/**
 * Creates the options to sign in. They are the same for everyone, so they reveal no account.
 * Errors: those of `refuseMethod`.
 */
export const signInOptions = (deps: Deps): Result<AuthenticationOptionsJSON> =>
  refuseMethod(deps, "passkey") ?? ok(authenticationOptions(deps, SIGN_IN));

/**
 * Signs a user in by a passkey. `previousSessionId` is the session that the browser has until now.
 *
 * Errors: `invalid_credentials` for an unknown passkey, a refused response, or a challenge that was
 * used or has expired; those of `refuseMethod` and `completeSignIn`; `too_many_attempts`.
 */
export async function signInByPasskey(
  deps: Deps,
  { credential, device_token }: z.infer<typeof PasskeyLogin>,
  previousSessionId?: string,
): Promise<Result<Tokens>> {
  const off = refuseMethod(deps, "passkey");
  if (off) return off;
  const source = guessSource(deps, device_token);
  const { passkey, account } = await findPasskeyAccount(deps.db, credential.id);
  // One that never verified its user, or needs its id, is a second factor only.
  const signsInAlone = passkey?.firstFactor ? passkey : undefined;
  const proven = account && (await verifyPasskey(deps, credential, signsInAlone, SIGN_IN));
  if (!proven) {
    const guessed = account ? { userId: account.userId } : unknownPasskey(deps, credential.id);
    const guess = { ...source, account: guessed };
    return refuseSignIn(deps, { guess, amr: [] }, account?.userId ?? null, "invalid_credentials");
  }

  const { userId, credentialVersion } = account;
  const guess = { ...source, account: { userId } };
  const signIn = { ...proven, userId, credentialVersion, authenticatedAt: deps.now(), guess, previousSessionId };
  const tokens = await completeSignIn(deps, signIn, account);
  // Another request has answered the same challenge.
  return !tokens.ok && tokens.code === "invalid_code" ? err("invalid_credentials") : tokens;
}

/** No account. Its failures are counted like those of an unknown identifier. */
const unknownPasskey = ({ config }: Deps, id: string) => ({
  kind: "username" as const,
  value: "",
  digest: hmac(config.PEPPER[0], ["passkey", id]).toString("base64url"),
});

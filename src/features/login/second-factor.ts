/** The second step of a sign-in: a proof of a second factor, after any first one. */
import * as z from "zod/mini";
import { FactorCode, factorKeys, isGuessable, verifyFactor } from "../../auth/factors.ts";
import { guessSource, lockoutError } from "../../auth/lockout.ts";
import { authenticationOptions } from "../../auth/passkeys.ts";
import { completeSignIn, refuseSignIn } from "../../auth/sign-in.ts";
import type * as contract from "../../contract/requests.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { AuthenticationOptionsJSON } from "../../contract/webauthn.ts";
import { verifyLoginToken } from "../../crypto/login-token.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { optional } from "../../schemas/optional.ts";
import { deviceField, TokenText, Transport } from "../../schemas/tokens.ts";
import { AuthenticationResponse } from "../../schemas/webauthn.ts";
import { listPendingPasskeys } from "../../storage/passkeys.ts";
import { findAccountAndProof } from "../../storage/sign-in-accounts.ts";

export const ProveSecondFactor = z
  .strictObject({
    login_token: TokenText,
    code: optional(FactorCode),
    credential: optional(AuthenticationResponse),
    trust_device: optional(z.boolean()),
    ...deviceField,
    transport: optional(Transport),
  } satisfies RequestFields<contract.SecondFactorProof & TransportField>)
  .check(exactlyOne("code", "credential"));

export const SecondFactorOptions = z.strictObject({
  login_token: TokenText,
} satisfies RequestFields<contract.SecondFactorOptions>);

/**
 * Creates the options for a passkey as the second step. The holder of a login token has proven the
 * first factor, so the options may list the user's passkeys. Errors: `invalid_login_token`.
 */
export async function secondFactorOptions(
  deps: Deps,
  { login_token }: z.infer<typeof SecondFactorOptions>,
): Promise<Result<AuthenticationOptionsJSON>> {
  const pending = verifyLoginToken(deps.tokens.loginKeys, "second-factor", login_token, deps.now());
  if (!pending) return err("invalid_login_token");
  const { userId } = pending;
  const passkeys = await listPendingPasskeys(deps.db, pending);
  if (!passkeys) return err("invalid_login_token");
  return ok(authenticationOptions(deps, { purpose: "second-factor", subject: userId, isFirstFactor: false }, passkeys));
}

/**
 * Finishes a sign-in by a second factor. Wrong proofs count as failed guesses like wrong passwords.
 * `previousSessionId` is the session that the browser has until now.
 *
 * Errors: `invalid_login_token`, also after a change of credentials; `invalid_code` for a wrong or
 * used code; `too_many_attempts`; those of `completeSignIn`.
 */
export async function proveSecondFactor(
  deps: Deps,
  { login_token, device_token, trust_device: trustDevice, ...proof }: z.infer<typeof ProveSecondFactor>,
  previousSessionId?: string,
): Promise<Result<Tokens>> {
  const pending = verifyLoginToken(deps.tokens.loginKeys, "second-factor", login_token, deps.now());
  if (!pending) return err("invalid_login_token");

  const { userId, credentialVersion, amr, authenticatedAt } = pending;
  const guess = { ...guessSource(deps, device_token), account: { userId }, atSecondFactor: isGuessable(proof) };
  const { lockout, account, proof: found } = await findAccountAndProof(deps.db, guess, factorKeys(deps, userId, proof));
  if (account?.credentialVersion !== credentialVersion) return err("invalid_login_token");
  const locked = lockoutError(deps, lockout, deps.now(), userId);
  if (locked) return locked;

  const proven = await verifyFactor(deps, userId, proof, found, { purpose: "second-factor", subject: userId });
  if (!proven) return refuseSignIn(deps, { guess, amr }, userId, "invalid_code");
  const methods = [...new Set([...amr, ...proven.amr])];
  const signIn = {
    userId,
    credentialVersion,
    amr: methods,
    authenticatedAt,
    guess,
    use: proven.use,
    trustDevice,
    previousSessionId,
  };
  return completeSignIn(deps, signIn, account);
}

/** Signs in the browser that created an account, once the account's address is verified there. */
import type { Tokens } from "../contract/tokens.ts";
import {
  type RegistrationToken,
  signRegistrationToken,
  verifyRegistrationToken,
} from "../crypto/registration-token.ts";
import type { Deps } from "../deps.ts";
import { err, type Result } from "../result.ts";
import type { Identifier } from "../schemas/identifier.ts";
import { trustFactors } from "../storage/factor-removals.ts";
import { findSignInAccount } from "../storage/sign-in-accounts.ts";
import { guessAt, lockoutError } from "./lockout.ts";
import { completeSignIn } from "./sign-in.ts";

/** Issues the token for the browser that has created this account. */
export const issueRegistrationToken = (
  { tokens, now }: Deps,
  { userId, amr }: Pick<RegistrationToken, "userId" | "amr">,
): string => signRegistrationToken(tokens.deviceKeys, { userId, credentialVersion: 0, createdAt: now(), amr });

/** Returns the account that a browser created, if its registration token is valid. */
export const registeredBy = ({ tokens, now }: Deps, token: string | undefined): RegistrationToken | undefined =>
  token === undefined ? undefined : verifyRegistrationToken(tokens.deviceKeys, token, now());

/**
 * Signs in the browser that created the account of this address, by the credential that it was
 * created with. Call it after the address was verified there.
 *
 * Errors: `invalid_credentials` if a credential changed since the registration; those of
 * `completeSignIn`; `too_many_attempts`.
 */
export async function signInRegistered(
  deps: Deps,
  { userId, credentialVersion, createdAt, amr }: RegistrationToken,
  { address, previousSessionId }: { address: Identifier; previousSessionId?: string | undefined },
): Promise<Result<Tokens>> {
  const guess = guessAt(deps, address);
  const { lockout, account } = await findSignInAccount(deps.db, guess, deps.now());
  const locked = lockoutError(deps, lockout, deps.now(), account?.userId);
  if (locked) return locked;
  if (account?.userId !== userId || account.credentialVersion !== credentialVersion) return err("invalid_credentials");
  if (account.factors.length > 0) await trustFactors(deps.db, userId, deps.now());

  const signIn = {
    userId,
    credentialVersion,
    amr,
    authenticatedAt: createdAt,
    guess: { ...guess, account: { userId } },
    previousSessionId,
  };
  return completeSignIn(deps, signIn, account);
}

import type { Deps } from "../deps.ts";
import { ok, type Result } from "../result.ts";
import { findSignInAccount, type IdentifierGuess, type SignInAccount } from "../storage/sign-in-accounts.ts";
import { requireCaptcha } from "./captcha.ts";
import { lockoutError } from "./lockout.ts";
import { refuseSignIn, type SignIn } from "./sign-in.ts";

/** Failures in a row after which a captcha is required. */
const FAILURES_BEFORE_CAPTCHA = 3;

interface PasswordProof {
  signIn: SignIn;
  account: SignInAccount;
  /** The hash that the password matched. */
  passwordHash: string;
  /** The hash has outdated parameters, or is from before passwords were normalized. */
  isOutdated: boolean;
}

/**
 * Proves a user by password.
 *
 * Errors: `invalid_credentials`, which says neither what is wrong nor whether the account exists
 * and takes the same time for both; `captcha_required` and `too_many_attempts` after failures in a
 * row, or `check_unavailable`; `overloaded`.
 */
export async function provePassword(
  deps: Deps,
  guess: IdentifierGuess,
  { password, captchaToken }: { password: string; captchaToken: string | undefined },
): Promise<Result<PasswordProof>> {
  const { lockout, account, passwordHash, sampleHash } = await findSignInAccount(deps.db, guess, deps.now());
  const locked = lockoutError(deps, lockout, deps.now(), account?.userId);
  if (locked) return locked;
  const isSuspicious = lockout !== undefined && lockout.failures >= FAILURES_BEFORE_CAPTCHA;
  const captcha = isSuspicious ? await requireCaptcha(deps, "login", captchaToken) : undefined;
  if (captcha) return captcha;

  const amr = ["pwd"];
  const matches = await deps.passwords.verify(password, passwordHash, sampleHash);
  if (!matches.ok) return matches;
  if (!account || !passwordHash || matches.value === "no") {
    return refuseSignIn(deps, { guess, amr }, account?.userId ?? null, "invalid_credentials");
  }

  const { userId, credentialVersion } = account;
  const signIn = {
    userId,
    credentialVersion,
    amr,
    authenticatedAt: deps.now(),
    guess: { ...guess, account: { userId } },
  };
  const isOutdated = matches.value === "typed-form" || deps.passwords.isOutdated(passwordHash);
  return ok({ signIn, account, passwordHash, isOutdated });
}

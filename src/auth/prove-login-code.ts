/**
 * Proves a user by a mailed code, a texted code, or a mailed link. Each is one factor, which
 * anybody who reads the mailbox has. Only attempts are stored: the batch of the next step uses the
 * code up.
 */

import { isSame } from "../crypto/hmac.ts";
import { codeBesideLink, digestOfSecret, isSecret } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import { addressKindOf } from "../storage/addresses.ts";
import type { GuessSource, OutsideGuess } from "../storage/lockout-subjects.ts";
import { findLoginLink, type LoginCode, recordLoginAttempt } from "../storage/login-codes.ts";
import type { PendingSignUp } from "../storage/pending-sign-ups.ts";
import type { OpenSecret } from "../storage/secrets.ts";
import type { IdentifierGuess, SignInAccount } from "../storage/sign-in-accounts.ts";
import { newUser } from "../storage/users.ts";
import { logEvent, newNotice } from "./after-commit.ts";
import { amrOfCode } from "./codes.ts";
import { guessSource, lockoutError } from "./lockout.ts";
import type { SignIn } from "./sign-in.ts";

/** A user whom a code has proven, for `completeSignIn`. */
export interface CodeProof {
  signIn: SignIn & { code: LoginCode };
  /** The account as it is once the code is used up. */
  account: SignInAccount;
}

/**
 * Proves a user by a code. The attempt counts before the comparison.
 *
 * Errors: `invalid_code`, which says neither what is wrong nor whether the account exists;
 * `too_many_attempts`.
 */
export async function proveLoginCode(deps: Deps, guess: IdentifierGuess, typed: string): Promise<Result<CodeProof>> {
  const audit = deps.audit();
  const { lockout, account, codes, signUp } = await recordLoginAttempt(deps.db, guess, audit);
  const locked = lockoutError(deps, lockout, audit.at, account?.userId);
  if (locked) return locked;

  const isMatch = (open: Parameters<typeof codeBesideLink>[1]) =>
    isSame(codeBesideLink(deps.config.PEPPER, open) ?? "", typed);
  if (!account && signUp && isMatch(signUp)) return signUpBy(deps, signUp, guess, { isTyped: true });
  const secret = codes.find(isMatch);
  if (account && secret) return ok(proofBy(deps, secret, account, { guess, isTyped: true }));
  logEvent(deps, "otp_failed", account?.userId ?? null, "code");
  return err("invalid_code");
}

/**
 * Proves a user by the token of a link, in the browser that asked for it: `browser` is its nonce.
 * The link of another person must not sign a visitor in to that person's account (login CSRF).
 *
 * Errors: `invalid_token`; `other_browser` with the code to type in the browser that asked. Then
 * nothing is used up.
 */
export async function proveLoginLink(
  deps: Deps,
  { token, deviceToken }: { token: string; deviceToken: string | undefined },
  browser: string | undefined,
): Promise<Result<CodeProof>> {
  if (!isSecret(token)) return err("invalid_token");
  const source = guessSource(deps, deviceToken);
  const found = await findLoginLink(deps.db, digestOfSecret(token), { device: source.device, now: deps.now() });
  if (!found) return err("invalid_token");

  const link = "link" in found ? found.link : found.signUp;
  if (browser === undefined || digestOfSecret(browser) !== link.browserDigest) return otherBrowser(deps, link);
  if ("signUp" in found) return signUpBy(deps, found.signUp, source, { isTyped: false });
  const { account } = found;
  const guess = { ...source, account: { userId: account.userId } };
  return ok(proofBy(deps, found.link, account, { guess, isTyped: false }));
}

function otherBrowser({ config }: Deps, link: Pick<OpenSecret, "id" | "digest">): Err {
  const otp = codeBesideLink(config.PEPPER, link);
  return otp === undefined ? err("invalid_token") : { ...err("other_browser"), otp };
}

/**
 * Proves the owner of an address that no account has, where such a code creates the account. The
 * batch of the next step creates it.
 */
function signUpBy(
  deps: Deps,
  { id, address }: PendingSignUp,
  source: GuessSource,
  { isTyped }: Pick<LoginCode, "isTyped">,
): Result<CodeProof> {
  const kind = addressKindOf(address);
  const now = deps.now();
  const user = newUser({ [kind]: address, [`${kind}VerifiedAt`]: now }, now);
  const { id: userId, emailVerifiedAt, phoneVerifiedAt } = user;
  const account = {
    userId,
    credentialVersion: 0,
    disabledAt: null,
    emailVerifiedAt,
    phoneVerifiedAt,
    roles: [],
    hasPassword: false,
    factors: [],
  };
  const code = { id, userId, address, isTyped, takesClean: false, newUser: user };
  const guess = { ...source, account: { userId } };
  const signIn = { userId, credentialVersion: 0, amr: [amrOfCode(address)], authenticatedAt: now, guess, code };
  return ok({ signIn, account });
}

function proofBy(
  deps: Deps,
  secret: OpenSecret,
  account: SignInAccount,
  { guess, isTyped }: { guess: OutsideGuess } & Pick<LoginCode, "isTyped">,
): CodeProof {
  const { userId, credentialVersion, hasPassword, factors, identityCount = 0 } = account;
  const { id, address } = secret;
  const kind = addressKindOf(address);
  const now = deps.now();
  const takesClean = account.emailVerifiedAt === null && account.phoneVerifiedAt === null;
  // One notice is enough: each asks the owner to review the account.
  const removed = [
    hasPassword && (["password_removed", "password-removed"] as const),
    factors.length > 0 && (["factors_removed", "factors-removed"] as const),
    identityCount > 0 && (["identity_unlinked", "identity-unlinked"] as const),
  ].find((removal) => removal !== false);
  const code: LoginCode = {
    id,
    userId,
    address,
    isTyped,
    takesClean,
    removal: takesClean && removed ? { event: removed[0], notice: newNotice(deps, removed[1], userId) } : undefined,
  };
  return {
    signIn: {
      userId,
      credentialVersion,
      amr: [amrOfCode(address)],
      authenticatedAt: now,
      guess: { ...guess, account: { userId } },
      code,
    },
    account: {
      ...account,
      [`${kind}VerifiedAt`]: account[`${kind}VerifiedAt`] ?? now,
      ...(takesClean && { factors: [], isTrusted: false }),
    },
  };
}

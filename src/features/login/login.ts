/** Login by password. What follows the proof is decided in `auth/sign-in.ts`. */

import * as z from "zod/mini";
import { guessAt } from "../../auth/lockout.ts";
import { provePassword } from "../../auth/prove-password.ts";
import { completeSignIn } from "../../auth/sign-in.ts";
import type * as contract from "../../contract/requests.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { logError } from "../../log.ts";
import type { Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { IdentifierText, identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import { refuseMethod } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { deviceField, Transport } from "../../schemas/tokens.ts";
import { storageErrorOf } from "../../storage/db.ts";
import { rehashPassword } from "../../storage/passwords.ts";

export const Login = z
  .strictObject({
    ...identifierFields,
    ...deviceField,
    password: CurrentPassword,
    turnstile_token: CaptchaToken,
    transport: optional(Transport),
  } satisfies RequestFields<contract.Login & TransportField>)
  .check(oneIdentifier);

/**
 * The OAuth 2.0 password form (RFC 6749 §4.3.2), which tools speak. `username` is any identifier;
 * parameters that it does not know are ignored, such as those of a client.
 */
export const LoginForm = z.object({
  username: IdentifierText,
  password: CurrentPassword,
  turnstile_token: CaptchaToken,
  ...deviceField,
  transport: optional(Transport),
});

/**
 * Signs a user in by password. `previousSessionId` is the session that the browser has until now:
 * it ends if it is one of this user. Errors: those of `refuseMethod`, `provePassword` and
 * `completeSignIn`.
 */
export async function login(
  deps: Deps,
  input: z.infer<typeof Login>,
  previousSessionId?: string,
): Promise<Result<Tokens>> {
  const off = refuseMethod(deps, "password");
  if (off) return off;
  const guess = guessAt(deps, await parseIdentifier(input, deps), input.device_token);
  const { password, turnstile_token: captchaToken } = input;
  const proof = await provePassword(deps, guess, { password, captchaToken });
  if (!proof.ok) return proof;

  const { signIn, account, passwordHash, isOutdated } = proof.value;
  const tokens = await completeSignIn(deps, { ...signIn, previousSessionId }, account);
  if ((tokens.ok || tokens.code === "second_factor_required") && isOutdated)
    deps.waitUntil(rehash(deps, signIn.userId, { password, before: passwordHash }));
  return tokens;
}

/**
 * Replaces an outdated hash of the password. It runs after the response, whose time would reveal a
 * right guess; if it fails, the next login tries again.
 */
async function rehash(
  { db, passwords }: Deps,
  userId: string,
  { password, before }: { password: string; before: string },
): Promise<void> {
  try {
    const hash = await passwords.hash(password);
    if (hash.ok) await rehashPassword(db, userId, { before, after: hash.value });
  } catch (error) {
    logError("rehash_failed", storageErrorOf(error as Error) ?? (error as Error));
  }
}

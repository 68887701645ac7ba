/**
 * Password reset by a mailed link or by a code.
 *
 * `requestReset` only queues: the queue consumer looks the account up, so neither the status nor
 * the response time reveals whether it exists. A reset never opens a session.
 */

import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { requireCaptcha } from "../../auth/captcha.ts";
import { checkCode, ResetOtp } from "../../auth/codes.ts";
import { issueDeviceToken, requester } from "../../auth/device.ts";
import { findOpenLink } from "../../auth/links.ts";
import { guessAt, guessSource } from "../../auth/lockout.ts";
import type * as contract from "../../contract/requests.ts";
import type { DeviceTokenAnswer, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import type { ErrorCode } from "../../errors.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import { refuseMethod } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { isConfirmed, newPasswordFields, UNCONFIRMED } from "../../schemas/password.ts";
import { secretRequest } from "../../schemas/secret-request.ts";
import { deviceField, LinkToken, Transport } from "../../schemas/tokens.ts";
import type { GuessSource } from "../../storage/lockout-subjects.ts";
import { clearFailures } from "../../storage/lockouts.ts";
import { resetPassword } from "../../storage/passwords.ts";
import type { OpenSecret } from "../../storage/secrets.ts";

export const RequestReset = secretRequest();

const confirmed = z.refine<{ new_password: string; confirm_password?: string | null | undefined }>(
  (body) => isConfirmed(body.new_password, body.confirm_password),
  UNCONFIRMED,
);

/** The fields of each reset. With the transport `body` the answer has the device token. */
const resetFields = { ...newPasswordFields, transport: optional(Transport) } satisfies RequestFields<
  contract.NewPassword & TransportField
>;

export const ResetByLink = z
  .strictObject({ token: LinkToken, ...resetFields } satisfies RequestFields<contract.ResetByLink & TransportField>)
  .check(confirmed);
export const ResetByLinkInPath = z.strictObject(resetFields).check(confirmed);
export const ResetByCode = z
  .strictObject({
    ...identifierFields,
    ...deviceField,
    otp: ResetOtp,
    ...resetFields,
  } satisfies RequestFields<contract.ResetByCode & TransportField>)
  .check(oneIdentifier, confirmed);

/**
 * Requests a link or a code. Errors: those of `refuseMethod` and `requireCaptcha`,
 * `messages_unavailable`.
 */
export const requestReset = async (
  deps: Deps,
  kind: "password-reset-link" | "password-reset-code",
  input: z.infer<typeof RequestReset>,
): Promise<Result> =>
  refuseMethod(deps, "password") ??
  (await requireCaptcha(deps, "reset", input.turnstile_token)) ??
  deps.enqueue({
    kind,
    identifier: await parseIdentifier(input, deps),
    ...requester(deps, input.device_token),
  });

/** Finds the link with this token that can still be used. */
export const findResetLink = (deps: Deps, token: string) => findOpenLink(deps, "password-reset-link", token);

/**
 * Sets a new password by the token of a link, which works once. Errors: those of `refuseMethod`;
 * `invalid_token`, `invalid_request`, `check_unavailable`, `overloaded`.
 */
export async function resetByLink(
  deps: Deps,
  { token, new_password }: { token: string; new_password: string },
): Promise<Result<DeviceTokenAnswer>> {
  const off = refuseMethod(deps, "password");
  if (off) return off;
  // Look up before the slow hash: a dead link costs one query. The batch decides the race.
  const link = await findResetLink(deps, token);
  if (!link) return err("invalid_token");

  const rejected =
    (await deps.passwords.rejectGuessable("new_password", new_password, link)) ??
    (await deps.passwords.rejectBreached("new_password", new_password));
  return rejected ?? reset(deps, link, new_password, { source: guessSource(deps), invalid: "invalid_token" });
}

/**
 * Sets a new password by a code, which works once, for the account with this identifier.
 *
 * Errors: those of `refuseMethod` and `checkCode`; `invalid_request`; `check_unavailable`;
 * `overloaded`.
 */
export async function resetByCode(deps: Deps, input: z.infer<typeof ResetByCode>): Promise<Result<DeviceTokenAnswer>> {
  const identifier = await parseIdentifier(input, deps);
  // Checks that need no account come before the comparison of the code.
  const rejected =
    refuseMethod(deps, "password") ??
    (await deps.passwords.rejectGuessable("new_password", input.new_password)) ??
    (await deps.passwords.rejectBreached("new_password", input.new_password));
  if (rejected) return rejected;
  const guess = guessAt(deps, identifier, input.device_token);
  const code = await checkCode(deps, ["password-reset-code"], guess, input.otp);
  if (!code.ok) return code;

  const done =
    (await deps.passwords.rejectGuessable("new_password", input.new_password, code.value)) ??
    (await reset(deps, code.value, input.new_password, { source: guess, invalid: "invalid_code" }));
  // The guess was correct, even if the new password is refused.
  if (!done.ok && done.code !== "invalid_code") await clearFailures(deps.db, guess);
  return done;
}

/**
 * Sets the password, revokes every session and returns a device token: strangers who guess at the
 * account must not keep its owner from signing in now. Returns `invalid` if the secret was used or
 * replaced meanwhile.
 */
async function reset(
  deps: Deps,
  secret: OpenSecret,
  newPassword: string,
  { source, invalid }: { source: GuessSource; invalid: ErrorCode },
): Promise<Result<DeviceTokenAnswer>> {
  const { userId } = secret;
  const hash = await deps.passwords.hash(newPassword);
  if (!hash.ok) return hash;

  const notice = newNotice(deps, "password-changed", userId);
  const done = await resetPassword(deps.db, secret, { hash: hash.value, notice, source }, deps.audit());
  if (!done) return err(invalid);

  const { ended, credentialVersion } = done;
  afterCommit(deps, { event: "password_reset", userId, ended, notice });
  return ok({ device_token: issueDeviceToken(deps, { userId, credentialVersion }, source.device) });
}

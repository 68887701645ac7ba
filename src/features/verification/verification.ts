import * as z from "zod";
import { requireCaptcha } from "../../captcha.ts";
import type { Deps } from "../../deps.ts";
import { lockoutKey } from "../../lockout.ts";
import { recipientOf } from "../../messages/recipient.ts";
import { checkCode, Otp } from "../../one-time/check.ts";
import { sendCode } from "../../one-time/send.ts";
import { err, ok, type Result } from "../../result.ts";
import { CaptchaToken } from "../../schemas/captcha.ts";
import { identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import type { Envelope, MessageRequest } from "../../schemas/message.ts";
import { type Delivery, SKIPPED } from "../../senders/delivery.ts";
import { verifyAddress } from "../../storage/accounts.ts";
import type { UserRow } from "../../storage/users.ts";

export const ResendCode = z.strictObject({ ...identifierFields, turnstile_token: CaptchaToken }).check(oneIdentifier);
export const Verify = z.strictObject({ ...identifierFields, otp: Otp }).check(oneIdentifier);

/** Asks for another code. Whether there is such an account is found out after the answer. */
export const requestCode = async (deps: Deps, input: z.infer<typeof ResendCode>): Promise<Result> =>
  (await requireCaptcha(deps, input.turnstile_token)) ??
  deps.enqueue({ kind: "verification", identifier: parseIdentifier(input, deps.config.DEFAULT_COUNTRY) });

/** The queue's half: sends the code to the address that was given, if it is an account's and not verified yet. */
export async function sendVerification(deps: Deps, request: MessageRequest, envelope: Envelope): Promise<Delivery> {
  const to = await recipientOf(deps, request);
  if (!to || isVerified(to.user, to.address)) return SKIPPED;
  return sendCode(deps, "verification", to, envelope);
}

/** Verifies the address that the code was sent to. `invalid_code`. */
export async function verify(deps: Deps, input: z.infer<typeof Verify>): Promise<Result> {
  const identifier = parseIdentifier(input, deps.config.DEFAULT_COUNTRY);
  const code = await checkCode(deps, "verification", lockoutKey(deps, identifier), input.otp);
  if (!code.ok) return code;
  if (!(await verifyAddress(deps.db, code.value, deps.audit()))) return err("invalid_code");

  deps.logSecurityEvent("address_verified", code.value.userId);
  return ok();
}

const isVerified = (user: UserRow, address: string) =>
  (address === user.email ? user.emailVerifiedAt : user.phoneVerifiedAt) !== null;

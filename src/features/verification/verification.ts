/** Verification of an address by a code that was sent to it. */

import * as z from "zod/mini";
import { afterCommit } from "../../auth/after-commit.ts";
import { requireCaptcha } from "../../auth/captcha.ts";
import { checkCode, Otp } from "../../auth/codes.ts";
import { requester } from "../../auth/device.ts";
import { guessAt } from "../../auth/lockout.ts";
import type * as contract from "../../contract/requests.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { type Identifier, identifierFields, oneIdentifier, parseIdentifier } from "../../schemas/identifier.ts";
import { secretRequest } from "../../schemas/secret-request.ts";
import { deviceField } from "../../schemas/tokens.ts";
import { recoverByPhone } from "../../storage/account-recovery.ts";
import { addressKindOf, verifyAddress } from "../../storage/addresses.ts";

export const ResendCode = secretRequest();
export const Verify = z
  .strictObject({ ...identifierFields, ...deviceField, otp: Otp } satisfies RequestFields<contract.VerifyAddress>)
  .check(oneIdentifier);

/**
 * Requests another code. Whether there is such an account is looked up after the response.
 *
 * Errors: those of `requireCaptcha`, `messages_unavailable`.
 */
export const requestCode = async (deps: Deps, input: z.infer<typeof ResendCode>): Promise<Result> =>
  (await requireCaptcha(deps, "verify", input.turnstile_token)) ??
  deps.enqueue({
    kind: "verification",
    identifier: await parseIdentifier(input, deps),
    ...requester(deps, input.device_token),
  });

/** An address that its code has verified, and whose it is. */
export interface VerifiedAddress {
  userId: string;
  address: Identifier;
}

/** Verifies the address that the code was sent to. Errors: those of `checkCode`. */
export async function verify(deps: Deps, input: z.infer<typeof Verify>): Promise<Result> {
  const verified = await verifyByCode(deps, input);
  return verified.ok ? ok() : verified;
}

/** As `verify`. Also returns whose address it is, which callers of the API must not learn. */
export async function verifyByCode(deps: Deps, input: z.infer<typeof Verify>): Promise<Result<VerifiedAddress>> {
  const identifier = await parseIdentifier(input, deps);
  const guess = guessAt(deps, identifier, input.device_token);
  const code = await checkCode(deps, ["verification", "recovery-verification"], guess, input.otp);
  if (!code.ok) return code;
  const { userId, address, purpose } = code.value;
  const kind = addressKindOf(address);
  const verified = ok({ userId, address: { kind, value: address } });
  if (purpose === "recovery-verification") {
    const ended = await recoverByPhone(deps.db, code.value, guess, deps.audit());
    if (!ended) return err("invalid_code");
    afterCommit(deps, { event: "phone_verified", userId, ended });
    return verified;
  }
  if (!(await verifyAddress(deps.db, code.value, guess, deps.audit()))) return err("invalid_code");

  afterCommit(deps, { event: `${kind}_verified`, userId });
  return verified;
}

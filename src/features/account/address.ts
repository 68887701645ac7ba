/**
 * Change of an address: a code goes to the new one, and nothing changes until it is confirmed.
 * The queue finds out, after the response, if another account has the address.
 */

import * as z from "zod";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { checkCode, Otp } from "../../auth/codes.ts";
import { lockoutError } from "../../auth/lockout.ts";
import { type Credentials, reauthenticate } from "../../auth/reauthenticate.ts";
import type { AddressKind } from "../../contract/identifiers.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { Email, Phone, parsePhone } from "../../schemas/identifier.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { changeAddress } from "../../storage/addresses.ts";
import { acceptGuess } from "../../storage/lockouts.ts";

export const ChangeEmail = z.strictObject({
  email: Email,
  password: CurrentPassword.optional(),
} satisfies RequestFields<contract.ChangeEmail>);
export const ChangePhone = z.strictObject({
  phone: Phone,
  password: CurrentPassword.optional(),
} satisfies RequestFields<contract.ChangePhone>);
export const ConfirmAddress = z.strictObject({ otp: Otp } satisfies RequestFields<contract.ConfirmAddress>);

/**
 * Requests a code to a new email address.
 *
 * Errors: those of `reauthenticate`; `invalid_request` if it is the account's already;
 * `messages_unavailable`.
 */
export const requestEmailChange = (deps: Deps, session: SessionRef, input: z.infer<typeof ChangeEmail>) =>
  requestChange(deps, session, { kind: "email", address: input.email }, input);

/**
 * Requests a code to a new phone number. Errors: as for an email, and `invalid_request` if it is
 * not a number that text messages are sent to.
 */
export async function requestPhoneChange(
  deps: Deps,
  session: SessionRef,
  input: z.infer<typeof ChangePhone>,
): Promise<Result> {
  const phone = parsePhone(input.phone, deps.config);
  return phone.ok ? requestChange(deps, session, { kind: "phone", address: phone.value }, input) : phone;
}

async function requestChange(
  deps: Deps,
  session: SessionRef,
  { kind, address }: { kind: AddressKind; address: string },
  credentials: Credentials,
): Promise<Result> {
  const actor = await reauthenticate(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner, user } = actor.value;
  if (owner.byPassword) {
    const now = deps.now();
    const locked = lockoutError(deps, await acceptGuess(deps.db, session, now), now, session.userId);
    if (locked) return locked;
  }

  if (user[kind] === address) return err("invalid_request", [{ path: kind, message: "Is yours already." }]);
  return deps.enqueue({ kind: `${kind}-change`, user_id: session.userId, address });
}

/**
 * Makes the address that the code was sent to the account's own, revokes the user's other sessions
 * and notifies the old address.
 *
 * Errors: those of `checkCode`; `invalid_code` also if another account has taken the address.
 */
export async function confirmAddress(
  deps: Deps,
  session: SessionRef,
  kind: AddressKind,
  { otp }: z.infer<typeof ConfirmAddress>,
): Promise<Result> {
  const code = await checkCode(deps, `${kind}-change`, session, otp);
  if (!code.ok) return code;
  const notice = newNotice(deps, `${kind}-changed`, session.userId);
  const ended = await changeAddress(deps.db, session, code.value, notice, deps.audit());
  if (!ended) return err("invalid_code");

  afterCommit(deps, { event: `${kind}_changed`, userId: session.userId, ended, notice });
  return ok();
}

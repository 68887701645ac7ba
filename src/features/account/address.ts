/**
 * Change of an address: a code goes to the new one, and nothing changes until it is confirmed.
 * The queue consumer checks, after the response, whether another account has the address.
 */

import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { checkCode, Otp } from "../../auth/codes.ts";
import { lockoutError } from "../../auth/lockout.ts";
import { type Credentials, reauthenticate, staleProof } from "../../auth/reauthenticate.ts";
import { issueSessionTokens } from "../../auth/session-tokens.ts";
import type { AddressKind } from "../../contract/identifiers.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Tokens, TransportField } from "../../contract/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { Email, Phone } from "../../schemas/identifier.ts";
import { offeredWays } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { parse } from "../../schemas/parse.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { parsePhone } from "../../schemas/phone.ts";
import { Transport } from "../../schemas/tokens.ts";
import { removeAddress } from "../../storage/address-removal.ts";
import { changeAddress } from "../../storage/addresses.ts";
import { acceptGuess } from "../../storage/lockouts.ts";
import { findOtherWayIn } from "../../storage/ways-in.ts";

export const ChangeEmail = z.strictObject({
  email: Email,
  password: OptionalPassword,
} satisfies RequestFields<contract.ChangeEmail>);
export const ChangePhone = z.strictObject({
  phone: Phone,
  password: OptionalPassword,
} satisfies RequestFields<contract.ChangePhone>);
export const ConfirmAddress = z.strictObject({
  otp: Otp,
  transport: optional(Transport),
} satisfies RequestFields<contract.ConfirmAddress & TransportField>);

export const RemoveAddress = z.strictObject({
  password: OptionalPassword,
  transport: optional(Transport),
} satisfies RequestFields<contract.RemoveAddress & TransportField>);

/**
 * Requests a code to a new email address, or to the account's own to prove it.
 *
 * Errors: those of `reauthenticate`; `invalid_request` if it is the account's and proven already;
 * `messages_unavailable`.
 */
export const requestEmailChange = (deps: Deps, session: SessionRef, input: z.infer<typeof ChangeEmail>) =>
  requestAddress(deps, session, { kind: "email", typed: input.email }, input);

/**
 * Requests a code to a new phone number. Errors: as for an email, and `invalid_request` if it is
 * not a number that text messages are sent to.
 */
export const requestPhoneChange = (deps: Deps, session: SessionRef, input: z.infer<typeof ChangePhone>) =>
  requestAddress(deps, session, { kind: "phone", typed: input.phone }, input);

async function requestAddress(
  deps: Deps,
  session: SessionRef,
  address: { kind: AddressKind; typed: string },
  credentials: Credentials,
): Promise<Result> {
  const requested = await requestChange(deps, session, address, credentials);
  return requested.ok ? ok() : requested;
}

/**
 * Requests a code to an address as typed, and returns the address in the form that is stored.
 * Errors: those of `requestEmailChange` and `requestPhoneChange`.
 */
export async function requestChange(
  deps: Deps,
  session: SessionRef,
  { kind, typed }: { kind: AddressKind; typed: string },
  credentials: Credentials,
): Promise<Result<string>> {
  const parsed = kind === "email" ? parse(z.object({ email: Email }), { email: typed }) : await parsePhone(typed, deps);
  if (!parsed.ok) return parsed;
  const address = typeof parsed.value === "string" ? parsed.value : parsed.value.email;
  const actor = await reauthenticate(deps, session, credentials);
  if (!actor.ok) return actor;
  const { owner, user } = actor.value;
  if (owner.byGuess) {
    const now = deps.now();
    const locked = lockoutError(deps, await acceptGuess(deps.db, session, now), now, session.userId);
    if (locked) return locked;
  }

  if (user[kind] === address && user[`${kind}VerifiedAt`] !== null) {
    return err("invalid_request", [{ path: kind, code: "unchanged", message: "Is yours already." }]);
  }
  const queued = await deps.enqueue({ kind: `${kind}-change`, user_id: session.userId, address });
  return queued.ok ? ok(address) : queued;
}

/**
 * Gives the account the address that the code was sent to, as proven. Notifies the address that the
 * account had before, revokes the user's other sessions and returns the tokens of the session that
 * replaces this one.
 *
 * Errors: those of `checkCode`; `invalid_code` also if another account has taken the address.
 */
export async function confirmAddress(
  deps: Deps,
  session: SessionRef,
  kind: AddressKind,
  { otp }: z.infer<typeof ConfirmAddress>,
): Promise<Result<Tokens>> {
  const code = await checkCode(deps, [`${kind}-change`], session, otp);
  if (!code.ok) return code;
  const { userId } = session;
  const notices = {
    changed: newNotice(deps, `${kind}-changed`, userId),
    verified: newNotice(deps, `${kind}-verified`, userId),
  };
  const { current, ended, wasOwn } = await changeAddress(deps.db, session, code.value, notices, deps.audit());
  if (!current) return err("invalid_code");

  const act = wasOwn ? "verified" : "changed";
  afterCommit(deps, { event: `${kind}_${act}`, userId, ended, notice: notices[act] });
  return ok(await issueSessionTokens(deps, current));
}

/**
 * Removes an address, revokes the user's other sessions and returns the tokens of the session that
 * replaces this one.
 *
 * Errors: those of `reauthenticate`; `not_found` if the account has no such address;
 * `last_address`; `last_credential` if nothing else signs the user in.
 */
export async function removeOwnAddress(
  deps: Deps,
  session: SessionRef,
  kind: AddressKind,
  credentials: z.infer<typeof RemoveAddress>,
): Promise<Result<Tokens>> {
  const actor = await reauthenticate(deps, session, credentials);
  if (!actor.ok) return actor;

  const { owner, user } = actor.value;
  const other = kind === "email" ? "phone" : "email";
  if (user[kind] === null) return err("not_found");
  const keepsOne = user[other] !== null && (!user[`${kind}VerifiedAt`] || user[`${other}VerifiedAt`]);
  if (!keepsOne) return err("last_address");

  const notice = newNotice(deps, `${kind}-removed`, session.userId);
  const audit = deps.audit();
  const { lockout, current, ended } = await removeAddress(
    deps.db,
    owner,
    { kind, notice, offered: offeredWays(deps) },
    audit,
  );
  if (!current) {
    const isLast = !(await findOtherWayIn(deps.db, session.userId, offeredWays(deps), { address: kind }));
    return isLast ? err("last_credential") : staleProof(deps, owner, lockout, audit.at);
  }

  afterCommit(deps, { event: `${kind}_removed`, userId: session.userId, ended, notice });
  return ok(await issueSessionTokens(deps, current));
}

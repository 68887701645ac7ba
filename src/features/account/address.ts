import * as z from "zod";
import type { AccessClaims } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { lockoutError } from "../../lockout.ts";
import { localeOf, sendAddressTaken } from "../../messages/recipient.ts";
import { checkCode, Otp } from "../../one-time/check.ts";
import { issueCode, sendCode } from "../../one-time/send.ts";
import { err, ok, type Result } from "../../result.ts";
import { Email, Phone, parsePhone } from "../../schemas/identifier.ts";
import type { AddressChange, Envelope } from "../../schemas/message.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { type Delivery, SKIPPED } from "../../senders/delivery.ts";
import { changeAddress } from "../../storage/accounts.ts";
import { denySessions } from "../../storage/denylist.ts";
import { acceptPassword } from "../../storage/lockouts.ts";
import { findUser, findUserBy } from "../../storage/users.ts";
import { reauthenticate } from "./reauthentication.ts";

export const ChangeEmail = z.strictObject({ email: Email, password: CurrentPassword });
export const ChangePhone = z.strictObject({ phone: Phone, password: CurrentPassword });
export const ConfirmAddress = z.strictObject({ otp: Otp });

type Kind = "email" | "phone";

/** Asks for a code to this mail address, which confirms it; until then nothing changes. Whether another account has it is
 *  found out after the answer. `invalid_credentials`; `invalid_request` when it is the account's already. */
export const requestEmailChange = (deps: Deps, auth: AccessClaims, { email, password }: z.infer<typeof ChangeEmail>) =>
  requestChange(deps, auth, "email", email, password);

/** The same for a phone number; `invalid_request` when it is none. */
export async function requestPhoneChange(
  deps: Deps,
  auth: AccessClaims,
  { phone: typed, password }: z.infer<typeof ChangePhone>,
): Promise<Result> {
  const phone = parsePhone(typed, deps.config.DEFAULT_COUNTRY);
  return phone.ok ? requestChange(deps, auth, "phone", phone.value, password) : phone;
}

async function requestChange(
  deps: Deps,
  auth: AccessClaims,
  kind: Kind,
  address: string,
  password: string,
): Promise<Result> {
  const ref = { userId: auth.sub, sessionId: auth.sid };
  const user = await reauthenticate(deps, ref, password);
  if (!user.ok) return user;
  const now = deps.now();
  const blocked = lockoutError(deps, await acceptPassword(deps.db, ref, now), now, auth.sub);
  if (blocked) return blocked;

  if (user.value[kind] === address) return err("invalid_request", [{ path: kind, message: "Is yours already." }]);
  return deps.enqueue({ kind: `${kind}-change`, user_id: auth.sub, address });
}

/** The queue's half: sends the code to the new address. When another account has that, its owner is told instead, and all
 *  else is the same: the user must see no difference, in their events either. */
export async function sendChangeCode(deps: Deps, change: AddressChange, envelope: Envelope): Promise<Delivery> {
  const { user_id, address, locale } = change;
  const [user, holder] = await Promise.all([
    findUser(deps.db, user_id),
    findUserBy(deps.db, change.kind === "email-change" ? "email" : "phone", address),
  ]);
  if (!user) return SKIPPED;

  const to = { userId: user.id, address, locale: localeOf(user.locale, locale) };
  if (!holder) return sendCode(deps, change.kind, to, envelope);
  if (!(await issueCode(deps, change.kind, to, envelope))) return SKIPPED;
  return sendAddressTaken(deps, address, localeOf(holder.locale, locale), envelope);
}

/** Makes the address that the code was sent to the account's own, ends the user's other sessions and tells the old
 *  address. `invalid_code`, also when another account has taken the address meanwhile. */
export async function confirmAddress(
  deps: Deps,
  { sub: userId, sid: sessionId }: AccessClaims,
  kind: Kind,
  { otp }: z.infer<typeof ConfirmAddress>,
): Promise<Result> {
  const ref = { userId, sessionId };
  const code = await checkCode(deps, `${kind}-change`, ref, otp);
  if (!code.ok) return code;
  const notice = deps.newNotice();
  const ended = await changeAddress(deps.db, ref, code.value, notice, deps.audit());
  if (!ended) return err("invalid_code");

  deps.logSecurityEvent(`${kind}_changed`, userId);
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  deps.notify(notice);
  return ok();
}

import * as z from "zod";
import type { AccessClaims } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { lockoutError } from "../../lockout.ts";
import { err, ok, type Result } from "../../result.ts";
import { CurrentPassword, isConfirmed, NewPassword, UNCONFIRMED } from "../../schemas/password.ts";
import { replacePassword } from "../../storage/accounts.ts";
import { denySessions } from "../../storage/denylist.ts";
import { findActor, refuseWrongPassword } from "./reauthentication.ts";

export const ChangePassword = z
  .strictObject({
    old_password: CurrentPassword.optional(),
    current_password: CurrentPassword.optional(),
    new_password: NewPassword,
    confirm_password: z.string().nullish(),
  })
  .refine((body) => (body.old_password === undefined) !== (body.current_password === undefined), {
    path: ["old_password"],
    error: "Give one of old_password and current_password.",
  })
  .refine(({ new_password, confirm_password }) => isConfirmed(new_password, confirm_password), UNCONFIRMED);

/** Replaces the password and ends the user's other sessions. `invalid_credentials` when the old one is wrong, or when
 *  something else was faster than the hashing: another change, or the end of the session. */
export async function changePassword(
  deps: Deps,
  auth: AccessClaims,
  { old_password, current_password = "", new_password }: z.infer<typeof ChangePassword>,
): Promise<Result> {
  const ref = { userId: auth.sub, sessionId: auth.sid };
  const user = await findActor(deps, ref);
  if (!user.ok) return user;
  const refusal =
    deps.passwords.rejectIdentifiers("new_password", new_password, user.value) ??
    (await deps.passwords.rejectBreached("new_password", new_password));
  if (refusal) return refusal;
  // All that the new password can come to stands before the old one is compared: it would tell a right guess otherwise.
  const passwordHash = await deps.passwords.hash(new_password);
  if (!passwordHash.ok) return passwordHash;
  const wrong = await refuseWrongPassword(deps, ref, user.value, old_password ?? current_password);
  if (wrong) return wrong;

  const change = { passwordHash: passwordHash.value, passwordVersion: user.value.passwordVersion };
  const notice = deps.newNotice();
  const audit = deps.audit();
  const { lockout, ended } = await replacePassword(deps.db, ref, change, notice, audit);
  if (!ended) return lockoutError(deps, lockout, audit.at, auth.sub) ?? err("invalid_credentials");

  deps.logSecurityEvent("password_changed", auth.sub);
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  deps.notify(notice);
  return ok();
}

import * as z from "zod";
import type { AccessClaims } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { lockoutError } from "../../lockout.ts";
import { err, ok, type Result } from "../../result.ts";
import { refuseTaken, Username } from "../../schemas/identifier.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { profileFields, refuseContact, toProfile } from "../../schemas/profile.ts";
import { toUser, type User } from "../../schemas/user.ts";
import { changeProfile, deleteAccount } from "../../storage/accounts.ts";
import { denySessions, isDenied } from "../../storage/denylist.ts";
import { findSessionUser } from "../../storage/users.ts";
import { reauthenticate } from "./reauthentication.ts";

export const ProfileChange = z
  .strictObject({ username: Username.nullish(), ...profileFields })
  .refine((change) => Object.keys(change).length > 0, "Give at least one field.");

export const DeleteAccount = z.strictObject({ password: CurrentPassword });

/** The user whose session this is. `unauthenticated` when the session has ended or the account is gone or disabled.
 *  A replica may not know yet that the session has begun, or has ended, which the denylist tells sooner: where either is
 *  in doubt the primary decides. */
export async function currentUser(deps: Deps, { sub: userId, sid: sessionId }: AccessClaims): Promise<Result<User>> {
  const ref = { userId, sessionId };
  const [nearby, denied] = await Promise.all([
    findSessionUser(deps.replica, ref, deps.now()),
    isDenied(deps.denylist, sessionId),
  ]);
  if (denied) return err("unauthenticated");

  const user = nearby && denied === false ? nearby : await findSessionUser(deps.db, ref, deps.now());
  return user ? ok(toUser(user)) : err("unauthenticated");
}

/** Changes what is given and leaves the rest; null empties a field. `username_taken`; `invalid_request` when `contact`
 *  names what the user does not have. */
export async function changeOwnProfile(
  deps: Deps,
  { sub: userId, sid: sessionId }: AccessClaims,
  change: z.infer<typeof ProfileChange>,
): Promise<Result<User>> {
  const profile = { username: change.username, ...toProfile(change) };
  const { before, after } = await changeProfile(deps.db, { userId, sessionId }, profile, deps.audit());
  if (after) return ok(toUser(after));
  if (!before) return err("unauthenticated");
  if (change.contact && !before[change.contact]) return refuseContact();
  return refuseTaken(["username"]);
}

/** Deletes the account for good: its tokens die as after a logout, its identifiers are free again.
 *  `invalid_credentials` when the password is wrong. */
export async function deleteOwnAccount(
  deps: Deps,
  auth: AccessClaims,
  { password }: z.infer<typeof DeleteAccount>,
): Promise<Result> {
  const ref = { userId: auth.sub, sessionId: auth.sid };
  const user = await reauthenticate(deps, ref, password);
  if (!user.ok) return user;

  const audit = deps.audit();
  const { lockout, ended } = await deleteAccount(deps.db, ref, user.value.passwordVersion, audit);
  if (!ended) return lockoutError(deps, lockout, audit.at, auth.sub) ?? err("invalid_credentials");

  deps.logSecurityEvent("account_deleted", auth.sub);
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  return ok();
}

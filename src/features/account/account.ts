/**
 * Acts of users on their own account: read, change the profile, delete. Each takes the session that
 * acts.
 */

import * as z from "zod";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { reauthenticate, staleProof } from "../../auth/reauthenticate.ts";
import type * as contract from "../../contract/requests.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { User } from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { refuseTaken, Username } from "../../schemas/identifier.ts";
import { CurrentPassword } from "../../schemas/password.ts";
import { profileFields, refuseContact, toProfileEdit } from "../../schemas/profile.ts";
import { toUser } from "../../schemas/user.ts";
import { isDenied } from "../../storage/denylist.ts";
import { changeProfile } from "../../storage/profiles.ts";
import { findSessionUser } from "../../storage/session-user.ts";
import { deleteOwnUser } from "../../storage/user-deletion.ts";

export const ProfileChange = z
  .strictObject({ username: Username.nullish(), ...profileFields } satisfies RequestFields<contract.ProfileChange>)
  .refine((change) => Object.keys(change).length > 0, "Give at least one field.");

export const DeleteAccount = z.strictObject({
  password: CurrentPassword.optional(),
} satisfies RequestFields<contract.DeleteAccount>);

/**
 * Finds the user of a session. Returns `unauthenticated` if the session has ended.
 *
 * A replica may not know yet that the session began or ended; the denylist knows the end sooner.
 * The primary decides where either is in doubt.
 */
export async function currentUser(deps: Deps, session: SessionRef): Promise<Result<User>> {
  const [nearby, denied] = await Promise.all([
    findSessionUser(deps.replica, session, deps.now()),
    isDenied(deps.denylist, session.sessionId),
  ]);
  if (denied) return err("unauthenticated");

  const user = nearby && denied === false ? nearby : await findSessionUser(deps.db, session, deps.now());
  return user ? ok(toUser(user)) : err("unauthenticated");
}

/**
 * Changes the profile. Missing fields stay as they are, null clears a field.
 *
 * Errors: `unauthenticated`; `username_taken`; `invalid_request` if `contact` names an address that
 * the account does not have.
 */
export async function changeOwnProfile(
  deps: Deps,
  session: SessionRef,
  change: z.infer<typeof ProfileChange>,
): Promise<Result<User>> {
  const profile = { username: change.username, ...toProfileEdit(change) };
  const { before, after } = await changeProfile(deps.db, session, profile, deps.audit());
  if (after) return ok(toUser(after));
  if (!before) return err("unauthenticated");
  if (change.contact && !before[change.contact]) return refuseContact();
  return refuseTaken(["username"]);
}

/**
 * Deletes the account, revokes its sessions and frees its identifiers.
 *
 * Errors: those of `reauthenticate`.
 */
export async function deleteOwnAccount(
  deps: Deps,
  session: SessionRef,
  credentials: z.infer<typeof DeleteAccount>,
): Promise<Result> {
  const actor = await reauthenticate(deps, session, credentials);
  if (!actor.ok) return actor;

  const { owner } = actor.value;
  const notice = newNotice(deps, "account-deleted", session.userId);
  const audit = deps.audit();
  const { lockout, ended } = await deleteOwnUser(deps.db, owner, notice, audit);
  if (!ended) return staleProof(deps, owner, lockout, audit.at);

  afterCommit(deps, { event: "account_deleted", userId: session.userId, ended, notice });
  return ok();
}

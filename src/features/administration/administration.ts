import * as z from "zod";
import type { Deps } from "../../deps.ts";
import type { SecurityEvent } from "../../log.ts";
import { err, ok, type Result } from "../../result.ts";
import { Roles, UserId } from "../../schemas/user.ts";
import { deleteUser, disableUser, enableUser, endUserSessions, replaceRoles } from "../../storage/administration.ts";
import { recordUserEvent } from "../../storage/audit-events.ts";
import { denySessions } from "../../storage/denylist.ts";
import type { RevokedSession } from "../../storage/revocation.ts";
import { findUser } from "../../storage/users.ts";

export const OneAccount = z.strictObject({ id: UserId });
export const AccountRoles = z.strictObject({ id: UserId, roles: Roles });

/** Disables an account, which ends its sessions and makes its links and codes useless. `not_found`. */
export async function disableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, id, "account_disabled", await disableUser(deps.db, id, deps.audit()));
}

/** Enables an account again; its sessions stay ended. `not_found`. */
export async function enableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return told(deps, id, "account_enabled", await enableUser(deps.db, id, deps.audit()));
}

/** Gives an account these roles instead of its own. Its access tokens say so from the next refresh on. `not_found`. */
export async function setAccountRoles(deps: Deps, { id, roles }: z.infer<typeof AccountRoles>): Promise<Result> {
  return told(deps, id, "roles_changed", await replaceRoles(deps.db, id, roles, deps.audit()));
}

/** Deletes an account for good. `not_found`. */
export async function deleteAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, id, "account_deleted", await deleteUser(deps.db, id, deps.audit()));
}

/** Ends every session of an account. `not_found`. */
export async function endAccountSessions(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, id, "session_revoked", await endUserSessions(deps.db, id, deps.audit()));
}

/** Has a link to set a new password sent to the account's mail address, unless its messages of the day are used up.
 *  `not_found` when it has none, or is disabled. */
export async function sendAccountResetLink(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const user = await findUser(deps.db, id);
  if (!user?.email || user.disabledAt !== null) return err("not_found");

  await recordUserEvent(deps.db, "reset_link_requested", deps.audit(), id);
  deps.logSecurityEvent("reset_link_requested", id);
  return deps.enqueue({ kind: "password-reset-link", identifier: { kind: "email", value: user.email } });
}

function denyEnded(deps: Deps, id: string, event: SecurityEvent, ended: RevokedSession[] | undefined): Result {
  if (ended) deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  return told(deps, id, event, ended !== undefined);
}

function told(deps: Deps, id: string, event: SecurityEvent, isDone: boolean): Result {
  if (!isDone) return err("not_found");
  deps.logSecurityEvent(event, id);
  return ok();
}

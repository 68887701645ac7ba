/** Acts of administrators on one account. Each returns `not_found` if there is none. */
import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import type * as contract from "../../contract/admin-service.ts";
import type { EventType } from "../../contract/events.ts";
import type { Deps } from "../../deps.ts";
import { SECRET_KINDS } from "../../messages/kinds.ts";
import { err, ok, type Result } from "../../result.ts";
import { offeredWays, refuseMethod } from "../../schemas/login-methods.ts";
import { Roles, UserId } from "../../schemas/user.ts";
import { insertUserEvent } from "../../storage/events.ts";
import { cancelFactorRemoval, requestFactorRemoval } from "../../storage/factor-removals.ts";
import { listIdentities } from "../../storage/identities.ts";
import { removeIdentity } from "../../storage/identity-links.ts";
import type { NewNotice } from "../../storage/notices.ts";
import { voidPassword } from "../../storage/passwords.ts";
import type { RevokedSession } from "../../storage/session-revocation.ts";
import { revokeUserSessions } from "../../storage/sessions.ts";
import { deleteUser } from "../../storage/user-deletion.ts";
import { disableUser, enableUser, replaceRoles } from "../../storage/users.ts";

export const OneAccount = z.strictObject({ id: UserId });
export const IdentityOfAccount = z.strictObject({ id: UserId, identity_id: UserId });
export const AccountRoles = z.strictObject({ id: UserId, roles: Roles });

/** Disables an account, ends its sessions and voids its links and codes. */
export async function disableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return finish(deps, id, "account_disabled", await disableUser(deps.db, id, deps.audit()));
}

/** Enables an account. Its sessions stay ended. */
export async function enableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return finish(deps, id, "account_enabled", (await enableUser(deps.db, id, deps.audit())) ? [] : undefined);
}

/** Replaces the roles of an account. Its access tokens carry them from the next refresh on. */
export async function setAccountRoles(deps: Deps, { id, roles }: z.infer<typeof AccountRoles>): Promise<Result> {
  return finish(deps, id, "roles_changed", (await replaceRoles(deps.db, id, roles, deps.audit())) ? [] : undefined);
}

/** Deletes an account, and notifies its verified addresses. */
export async function deleteAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const notice = newNotice(deps, "account-deleted", id);
  return finish(deps, id, "account_deleted", await deleteUser(deps.db, id, notice, deps.audit()), notice);
}

/** Ends every session of an account. */
export async function endAccountSessions(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return finish(deps, id, "session_revoked", await revokeUserSessions(deps.db, id, deps.audit()));
}

/**
 * Removes the password, which another person may know, revokes the API keys, ends every session and
 * voids every link and code. The owner is notified, and sets a new password by a link or a code.
 */
export async function voidAccountPassword(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const notice = newNotice(deps, "password-voided", id);
  return finish(deps, id, "password_voided", await voidPassword(deps.db, id, notice, deps.audit()), notice);
}

/**
 * Unlinks an identity of an account, ends every session and voids every link and code. The owner is
 * notified. Returns `not_found` also if the account does not have it; `last_credential` if nothing
 * else signs the user in.
 */
export async function unlinkAccountIdentity(
  deps: Deps,
  { id, identity_id }: z.infer<typeof IdentityOfAccount>,
): Promise<Result> {
  const notice = newNotice(deps, "identity-unlinked", id);
  const change = { id: identity_id, notice, offered: offeredWays(deps) };
  const ended = await removeIdentity(deps.db, id, change, deps.audit());
  if (!ended && (await listIdentities(deps.db, id)).some((own) => own.id === identity_id))
    return err("last_credential");
  return finish(deps, id, "identity_unlinked", ended, notice);
}

/**
 * Requests a link to set a new password for the account's email address. It is sent whatever was
 * requested before, and nothing that others request voids it. Returns `not_found` also if the
 * account has no email address that may get one, is disabled, or could not use the password;
 * `messages_unavailable`.
 */
export async function sendAccountResetLink(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const off = refuseMethod(deps, "password");
  if (off) return off;
  const link = { kind: "password-reset-link", identifier: { kind: "id", value: id }, administrator: true } as const;
  // The rule by which the queue will find the recipient: an account that it skips is no success.
  if (!(await SECRET_KINDS[link.kind].recipient(deps, link))) return err("not_found");

  await insertUserEvent(deps.db, "reset_link_requested", id, deps.audit());
  afterCommit(deps, { event: "reset_link_requested", userId: id });
  return deps.enqueue(link);
}

/**
 * Asks for the removal of the second factors of an account whose owner lost them. The owner is
 * told, and can cancel it for `FACTOR_REMOVAL_DELAY_SECONDS`; then the schedule removes them. A
 * removal that waits already keeps its time. Returns `not_found` also if the account has no second
 * factor.
 */
export async function removeAccountFactors(
  deps: Deps,
  { id }: z.infer<typeof OneAccount>,
): Promise<Result<contract.FactorRemoval>> {
  const audit = deps.audit();
  const notice = newNotice(deps, "factor-removal-requested", id);
  const dueAt = audit.at + deps.config.FACTOR_REMOVAL_DELAY_SECONDS * 1000;
  const removal = await requestFactorRemoval(deps.db, id, { dueAt, notice }, audit);
  if (!removal) return err("not_found");
  if (removal.isNew) afterCommit(deps, { event: "factor_removal_requested", userId: id, notice });
  return ok({ removal_due_at: new Date(removal.dueAt).toISOString() });
}

/** Cancels the removal of second factors. Returns `not_found` also if none waits. */
export async function keepAccountFactors(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const isCanceled = await cancelFactorRemoval(deps.db, id, deps.audit());
  return finish(deps, id, "factor_removal_canceled", isCanceled ? [] : undefined);
}

/** Finishes an act that ended these sessions; undefined if there is no such account. */
function finish(
  deps: Deps,
  userId: string,
  event: EventType,
  ended: RevokedSession[] | undefined,
  notice?: NewNotice,
): Result {
  if (!ended) return err("not_found");
  afterCommit(deps, { event, userId, ended, ...(notice && { notice }) });
  return ok();
}

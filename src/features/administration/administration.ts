import * as z from "zod";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { toUser, type User } from "../../schemas/user.ts";
import {
  deleteUser,
  disableUser,
  enableUser,
  endUserSessions,
  listUsers,
  replaceRoles,
} from "../../storage/administration.ts";
import { listEventsBefore } from "../../storage/audit-events.ts";
import { denySessions } from "../../storage/denylist.ts";
import type { RevokedSession } from "../../storage/revocation.ts";
import { findUser } from "../../storage/users.ts";

const MAX_PAGE = 100;
const UserId = z.string().min(1).max(64);
const Limit = z.int().min(1).max(MAX_PAGE).default(50);

export const OneAccount = z.strictObject({ id: UserId });
export const UserPage = z.strictObject({
  /** What an id, an address or a username begins with. */
  query: z.string().min(1).max(254).optional(),
  /** `next_cursor` of the page before. */
  cursor: UserId.optional(),
  limit: Limit,
});
const MAX_ROLES = 20;
const Role = z.string().regex(/^[a-z][a-z0-9:_.-]{0,63}$/, "Must be a lower-case name such as `editor`.");
export const AccountRoles = z.strictObject({ id: UserId, roles: z.array(Role).max(MAX_ROLES) });
export const EventPage = z.strictObject({
  id: UserId,
  /** `next_cursor` of the page before. */
  cursor: z.int().positive().optional(),
  limit: Limit,
});

/** An account as an administrator sees it. */
export type Account = User & { disabled_at: string | null };

export interface AccountEvent {
  id: number;
  type: string;
  created_at: string;
  session_id: string | null;
  user_agent: string | null;
  ip: string | null;
  /** The Worker that did it, where it was neither the user nor a stranger. */
  caller: string | null;
}

/** A page of accounts in the order of their ids; there is another one where `next_cursor` is not null. */
export async function listAccounts(
  { db }: Deps,
  { query, cursor = "", limit }: z.infer<typeof UserPage>,
): Promise<Result<{ users: Account[]; next_cursor: string | null }>> {
  const rows = await listUsers(db, query, cursor, limit + 1);
  const users = rows.slice(0, limit).map((row) => ({ ...toUser(row), disabled_at: toTime(row.disabledAt) }));
  return ok({ users, next_cursor: rows.length > limit ? (users.at(-1)?.id ?? null) : null });
}

/** The latest events of an account, newest first, also of one that is gone. */
export async function listAccountEvents(
  { db }: Deps,
  { id, cursor = Number.MAX_SAFE_INTEGER, limit }: z.infer<typeof EventPage>,
): Promise<Result<{ events: AccountEvent[]; next_cursor: number | null }>> {
  const rows = await listEventsBefore(db, id, cursor, limit + 1);
  const events = rows.slice(0, limit).map((row) => ({
    id: row.id,
    type: row.type,
    created_at: new Date(row.createdAt).toISOString(),
    session_id: row.sessionId,
    user_agent: row.userAgent,
    ip: row.ip,
    caller: row.caller,
  }));
  return ok({ events, next_cursor: rows.length > limit ? (events.at(-1)?.id ?? null) : null });
}

/** Disables an account, which ends its sessions. `not_found` when there is none, or it is disabled already. */
export async function disableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, await disableUser(deps.db, id, deps.stamp()));
}

/** Enables an account again; its sessions stay ended. `not_found` when there is none, or it is enabled already. */
export async function enableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return (await enableUser(deps.db, id, deps.stamp())) ? ok() : err("not_found");
}

/** Gives an account these roles instead of its own. Its access tokens say so from the next refresh on. `not_found`. */
export async function setAccountRoles(deps: Deps, { id, roles }: z.infer<typeof AccountRoles>): Promise<Result> {
  return (await replaceRoles(deps.db, id, [...new Set(roles)].sort(), deps.stamp())) ? ok() : err("not_found");
}

/** Deletes an account for good. `not_found`. */
export async function deleteAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, await deleteUser(deps.db, id, deps.stamp()));
}

/** Ends every session of an account. `not_found`. */
export async function endAccountSessions(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, await endUserSessions(deps.db, id, deps.stamp()));
}

/** Has a link to set a new password sent to the account's mail address. `not_found` when it has none. */
export async function sendAccountResetLink(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const user = await findUser(deps.db, id);
  if (!user?.email) return err("not_found");
  return deps.enqueue({ kind: "password-reset-link", identifier: { kind: "email", value: user.email } });
}

function denyEnded(deps: Deps, ended: RevokedSession[] | undefined): Result {
  if (!ended) return err("not_found");
  deps.afterwards(denySessions(deps.denylist, ended, deps.now()));
  return ok();
}

const toTime = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

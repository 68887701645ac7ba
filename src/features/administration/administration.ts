import * as z from "zod";
import type { Deps } from "../../deps.ts";
import type { SecurityEvent } from "../../log.ts";
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
import { listEventsBefore, recordUserEvent } from "../../storage/audit-events.ts";
import { denySessions } from "../../storage/denylist.ts";
import type { RevokedSession } from "../../storage/revocation.ts";
import { findUser } from "../../storage/users.ts";

const MAX_PAGE = 100;
const UserId = z.string().min(1).max(64);
const PageSize = z.int().min(1).max(MAX_PAGE).default(50);

export const OneAccount = z.strictObject({ id: UserId });
export const UserPage = z.strictObject({
  /** What an id, an address or a username begins with. */
  query: z.string().min(1).max(254).optional(),
  /** `next_cursor` of the page before. */
  cursor: UserId.optional(),
  limit: PageSize,
});
const MAX_ROLES = 20;
const Role = z.string().regex(/^[a-z][a-z0-9:_.-]{0,63}$/, "Must be a lower-case name such as `editor`.");
export const AccountRoles = z.strictObject({ id: UserId, roles: z.array(Role).max(MAX_ROLES) });
export const EventPage = z.strictObject({
  id: UserId,
  /** `next_cursor` of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/, "Must be a `next_cursor`.")
    .optional(),
  limit: PageSize,
});

/** A cursor that every event comes after. */
const NEWEST = "999999999999999.0";

/** An account as an administrator sees it. */
export type Account = User & { disabled_at: string | null };

export interface AccountEvent {
  id: number;
  type: string;
  created_at: string;
  session_id: string | null;
  user_agent: string | null;
  ip: string | null;
  /** The Worker that it came through, as its own settings name it; null over HTTP. */
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
  { id, cursor = NEWEST, limit }: z.infer<typeof EventPage>,
): Promise<Result<{ events: AccountEvent[]; next_cursor: string | null }>> {
  const [createdAt = 0, eventId = 0] = cursor.split(".").map(Number);
  const rows = await listEventsBefore(db, id, { createdAt, id: eventId }, limit + 1);
  const last = rows[limit - 1];
  const events = rows.slice(0, limit).map((row) => ({
    id: row.id,
    type: row.type,
    created_at: new Date(row.createdAt).toISOString(),
    session_id: row.sessionId,
    user_agent: row.userAgent,
    ip: row.ip,
    caller: row.caller,
  }));
  return ok({ events, next_cursor: rows.length > limit && last ? `${last.createdAt}.${last.id}` : null });
}

/** Disables an account, which ends its sessions and makes its links and codes useless. `not_found`. */
export async function disableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, id, "account_disabled", await disableUser(deps.db, id, deps.stamp()));
}

/** Enables an account again; its sessions stay ended. `not_found`. */
export async function enableAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return told(deps, id, "account_enabled", await enableUser(deps.db, id, deps.stamp()));
}

/** Gives an account these roles instead of its own. Its access tokens say so from the next refresh on. `not_found`. */
export async function setAccountRoles(deps: Deps, { id, roles }: z.infer<typeof AccountRoles>): Promise<Result> {
  return told(deps, id, "roles_changed", await replaceRoles(deps.db, id, [...new Set(roles)].sort(), deps.stamp()));
}

/** Deletes an account for good. `not_found`. */
export async function deleteAccount(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, id, "account_deleted", await deleteUser(deps.db, id, deps.stamp()));
}

/** Ends every session of an account. `not_found`. */
export async function endAccountSessions(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  return denyEnded(deps, id, "session_revoked", await endUserSessions(deps.db, id, deps.stamp()));
}

/** Has a link to set a new password sent to the account's mail address, unless its messages of the day are used up.
 *  `not_found` when it has none, or is disabled. */
export async function sendAccountResetLink(deps: Deps, { id }: z.infer<typeof OneAccount>): Promise<Result> {
  const user = await findUser(deps.db, id);
  if (!user?.email || user.disabledAt !== null) return err("not_found");

  await recordUserEvent(deps.db, "reset_link_requested", deps.stamp(), id);
  deps.report("reset_link_requested", id);
  return deps.enqueue({ kind: "password-reset-link", identifier: { kind: "email", value: user.email } });
}

function denyEnded(deps: Deps, id: string, event: SecurityEvent, ended: RevokedSession[] | undefined): Result {
  if (ended) deps.afterwards(denySessions(deps.denylist, ended, deps.now()));
  return told(deps, id, event, ended !== undefined);
}

function told(deps: Deps, id: string, event: SecurityEvent, isDone: boolean): Result {
  if (!isDone) return err("not_found");
  deps.report(event, id);
  return ok();
}

const toTime = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

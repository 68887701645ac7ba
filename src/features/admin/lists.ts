import * as z from "zod";
import type { EventQuery, UserQuery } from "../../contract/admin-service.ts";
import type { AccountEventList } from "../../contract/events.ts";
import type { AccountList } from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { UserId } from "../../schemas/user.ts";
import { listEventsBefore } from "../../storage/events.ts";
import { listUsers } from "../../storage/users.ts";
import { toAccount } from "./accounts.ts";

const MAX_PAGE = 100;
const PageSize = z.int().min(1).max(MAX_PAGE).default(50);

export const UserPage = z.strictObject({
  /** The beginning of an id, an address or a username. */
  query: z.string().min(1).max(254).optional(),
  /** The `next_cursor` of the previous page. */
  cursor: UserId.optional(),
  limit: PageSize,
} satisfies RequestFields<UserQuery>);
export const EventPage = z.strictObject({
  id: UserId,
  /** The `next_cursor` of the previous page. */
  cursor: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/, "Must be a `next_cursor`.")
    .optional(),
  limit: PageSize,
} satisfies RequestFields<EventQuery>);

/** A cursor before the newest event. */
const NEWEST = "999999999999999.0";

/** Lists a page of accounts in the order of their ids. `next_cursor` is null on the last page. */
export async function listAccounts(
  { db }: Deps,
  { query, cursor = "", limit }: z.infer<typeof UserPage>,
): Promise<Result<AccountList>> {
  const rows = await listUsers(db, query, cursor, limit + 1);
  const users = rows.slice(0, limit).map(toAccount);
  return ok({ users, next_cursor: rows.length > limit ? (users.at(-1)?.id ?? null) : null });
}

/** Lists a page of events of an account, newest first, also of a deleted account. */
export async function listAccountEvents(
  { db }: Deps,
  { id, cursor = NEWEST, limit }: z.infer<typeof EventPage>,
): Promise<Result<AccountEventList>> {
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

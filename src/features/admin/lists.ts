import * as z from "zod/mini";
import type { EventFeedQuery, EventQuery, UserQuery } from "../../contract/admin-service.ts";
import { type AccountEvent, type AccountEventList, EVENT_TYPES, type EventFeed } from "../../contract/events.ts";
import type { IdentityList } from "../../contract/factors.ts";
import type { AccountList } from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import {
  DEFAULT_PAGE,
  EventPosition,
  FeedPosition,
  PageSize,
  toEventPage,
  toFeedPage,
} from "../../schemas/event-page.ts";
import { IdentifierText, toSearchText } from "../../schemas/identifier.ts";
import { optional, optionalOr } from "../../schemas/optional.ts";
import { toIdentity, UserId } from "../../schemas/user.ts";
import { type EventRow, listAllEvents, listEvents } from "../../storage/events.ts";
import { listIdentities } from "../../storage/identities.ts";
import { findUser, listUsers } from "../../storage/users.ts";
import { toAccount } from "./accounts.ts";

export const UserPage = z.strictObject({
  /** The beginning of an id, an address or a username. */
  query: optional(IdentifierText),
  /** The `next_cursor` of the previous page. */
  cursor: optional(UserId),
  limit: optionalOr(PageSize, DEFAULT_PAGE),
} satisfies RequestFields<UserQuery>);
export const EventPage = z.strictObject({
  id: UserId,
  cursor: EventPosition,
  limit: optionalOr(PageSize, DEFAULT_PAGE),
} satisfies RequestFields<EventQuery>);

export const FeedPage = z.strictObject({
  since: FeedPosition,
  limit: optionalOr(PageSize, DEFAULT_PAGE),
  types: optional(z.array(z.enum(EVENT_TYPES))),
} satisfies RequestFields<EventFeedQuery>);

/** Lists a page of accounts in the order of their ids. `next_cursor` is null on the last page. */
export async function listAccounts(
  { db }: Deps,
  { query, cursor = "", limit }: z.infer<typeof UserPage>,
): Promise<Result<AccountList>> {
  const rows = await listUsers(db, query && toSearchText(query), cursor, limit + 1);
  const users = rows.slice(0, limit).map(toAccount);
  return ok({ users, next_cursor: rows.length > limit ? (users.at(-1)?.id ?? null) : null });
}

/** Lists a page of events of an account, newest first, also of a deleted account. */
export async function listAccountEvents(
  { db }: Deps,
  { id, cursor, limit }: z.infer<typeof EventPage>,
): Promise<Result<AccountEventList>> {
  const { page, nextCursor } = toEventPage(await listEvents(db, id, { cursor, max: limit + 1 }), limit);
  return ok({ events: page.map(toAccountEvent), next_cursor: nextCursor });
}

/**
 * Lists a page of events of all accounts in the order of their commits. `types` is applied to the
 * page, so that no call reads more rows than its limit.
 */
export async function listFeedEvents(
  { db, now }: Deps,
  { since, limit, types }: z.infer<typeof FeedPage>,
): Promise<Result<EventFeed>> {
  const rows = await listAllEvents(db, { since, max: limit + 1, now: now() });
  const { page, next, more } = toFeedPage(rows, limit, since);
  const events = page
    .filter(({ type }) => !types || types.includes(type))
    .map((row) => ({ ...toAccountEvent(row), cursor: String(row.sequence), user_id: row.userId }));
  return ok({ events, next, more });
}

const toAccountEvent = (row: EventRow): AccountEvent => ({
  id: row.id,
  type: row.type,
  created_at: new Date(row.createdAt).toISOString(),
  session_id: row.sessionId,
  user_agent: row.userAgent,
  ip: row.ip,
  caller: row.caller,
  administrator: row.actorId,
  reason: row.reason,
});

/** Lists the identities of an account, oldest first. Errors: `not_found`. */
export async function listAccountIdentities({ db }: Deps, { id }: { id: string }): Promise<Result<IdentityList>> {
  const list = await listIdentities(db, id);
  const isKnown = list.length > 0 || (await findUser(db, id));
  return isKnown ? ok({ identities: list.map(toIdentity) }) : err("not_found");
}

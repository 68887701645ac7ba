import * as z from "zod/mini";
import type * as contract from "../../contract/events.ts";
import { EVENT_GROUPS, type EventGroup } from "../../contract/events.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { deviceOf } from "../../schemas/device.ts";
import { DEFAULT_PAGE, EventPosition, PageSize, toEventPage } from "../../schemas/event-page.ts";
import { listOwnEvents } from "../../storage/events.ts";

/** The groups of events, for a filter. */
export const GROUPS = Object.keys(EVENT_GROUPS) as EventGroup[];

/** The query of the list. */
export const EventQuery = z.object({
  group: z.optional(z.enum(GROUPS)),
  cursor: EventPosition,
  limit: z._default(
    z.pipe(z.pipe(z.string().check(z.regex(/^\d{1,3}$/, "Must be a whole number.")), z.transform(Number)), PageSize),
    DEFAULT_PAGE,
  ),
});

/**
 * Lists a page of events of the account, by default of all groups, newest first. Returns
 * `unauthenticated` if the session has ended.
 */
export async function ownEvents(
  deps: Deps,
  session: SessionRef,
  { group, cursor, limit }: z.infer<typeof EventQuery>,
): Promise<Result<contract.OwnEventList>> {
  const rows = await listOwnEvents(deps.db, session, {
    cursor,
    max: limit + 1,
    types: group && EVENT_GROUPS[group],
    now: deps.now(),
  });
  if (!rows) return err("unauthenticated");

  const { page, nextCursor } = toEventPage(rows, limit);
  const events = page.map((row) => ({
    type: row.type,
    created_at: new Date(row.createdAt).toISOString(),
    session_id: row.sessionId,
    user_agent: row.userAgent,
    device: deviceOf(row.userAgent),
    ip: row.ip,
    by_administrator: row.actorId !== null,
    reason: row.reason,
  }));
  return ok({ events, next_cursor: nextCursor });
}

import * as z from "zod";
import type * as contract from "../../contract/events.ts";
import { EVENT_GROUPS, EVENT_TYPES, type EventGroup } from "../../contract/events.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { Device, deviceOf } from "../../schemas/device.ts";
import { DEFAULT_PAGE, EventPosition, PageSize, toEventPage } from "../../schemas/event-page.ts";
import { listOwnEvents } from "../../storage/events.ts";

/** The groups of events, for a filter. */
export const GROUPS = Object.keys(EVENT_GROUPS) as EventGroup[];

/** The query of the list. */
export const EventQuery = z.object({
  group: z.enum(GROUPS).optional(),
  cursor: EventPosition,
  limit: z
    .string()
    .regex(/^\d{1,3}$/, "Must be a whole number.")
    .transform(Number)
    .pipe(PageSize)
    .default(DEFAULT_PAGE),
});

/** An event of an account, as its owner sees it. */
const Event = z.object({
  type: z.enum(EVENT_TYPES),
  created_at: z.iso.datetime(),
  /** Null if no session was involved. */
  session_id: z.uuid().nullable(),
  user_agent: z.string().nullable(),
  device: Device,
  ip: z.string().nullable(),
} satisfies ResponseFields<contract.OwnEvent>);

export const EventList = z.object({
  events: z.array(Event),
  /** Null on the last page. */
  next_cursor: z.string().nullable(),
} satisfies ResponseFields<contract.OwnEventList>);

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
  }));
  return ok({ events, next_cursor: nextCursor });
}

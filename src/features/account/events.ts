import * as z from "zod";
import type * as contract from "../../contract/events.ts";
import { EVENT_TYPES } from "../../contract/events.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { Device, deviceOf } from "../../schemas/device.ts";
import { listEvents } from "../../storage/events.ts";

/** Of the events that anyone can cause, and of the others. */
const MAX_EVENTS = 50;

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

export const EventList = z.object({ events: z.array(Event) } satisfies ResponseFields<contract.OwnEventList>);

/**
 * Lists the latest events of the account, newest first. Returns `unauthenticated` if the session
 * has ended.
 */
export async function ownEvents(deps: Deps, session: SessionRef): Promise<Result<contract.OwnEventList>> {
  const rows = await listEvents(deps.db, session, MAX_EVENTS, deps.now());
  if (!rows) return err("unauthenticated");

  const events = rows.map((row) => ({
    type: row.type,
    created_at: new Date(row.createdAt).toISOString(),
    session_id: row.sessionId,
    user_agent: row.userAgent,
    device: deviceOf(row.userAgent),
    ip: row.ip,
  }));
  return ok({ events });
}

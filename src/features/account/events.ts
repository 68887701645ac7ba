import * as z from "zod";
import { EVENT_TYPES } from "../../contract/events.ts";
import type { AccessClaims } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { Device, deviceOf } from "../../schemas/device.ts";
import { listEvents } from "../../storage/audit-events.ts";

/** Of failed logins, and of all else. */
const MAX_EVENTS = 50;

/** What happened to an account, as its owner sees it. */
const Event = z.object({
  type: z.enum(EVENT_TYPES),
  created_at: z.iso.datetime(),
  /** Null where nobody was logged in. */
  session_id: z.uuid().nullable(),
  user_agent: z.string().nullable(),
  device: Device,
  ip: z.string().nullable(),
});

export const EventList = z.object({ events: z.array(Event) });

/** The latest events of the account, newest first. `unauthenticated` when the session has ended. */
export async function ownEvents(
  deps: Deps,
  { sub: userId, sid: sessionId }: AccessClaims,
): Promise<Result<z.infer<typeof EventList>>> {
  const rows = await listEvents(deps.db, { userId, sessionId }, MAX_EVENTS, deps.now());
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

import type { EventType } from "./events.ts";
import type { Device } from "./session.ts";

/** What every view of an audit event has. */
interface AuditEvent {
  type: EventType;
  /** ISO 8601 in UTC. */
  created_at: string;
  /** `null` if no session was involved. */
  session_id: string | null;
  user_agent: string | null;
  ip: string | null;
}

/** An event as the owner of the account sees it. */
export interface OwnEvent extends AuditEvent {
  device: Device;
}

export interface OwnEventList {
  events: OwnEvent[];
}

/** An event as an administrator sees it. */
export interface AccountEvent extends AuditEvent {
  id: number;
  /** The Worker that made the call, as its own settings name it. `null` over HTTP. */
  caller: string | null;
}

export interface AccountEventList {
  events: AccountEvent[];
  /** Pass it as `cursor` to get the next page. `null` on the last page. */
  next_cursor: string | null;
}

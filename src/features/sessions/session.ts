import * as z from "zod";
import type * as contract from "../../contract/session.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { Device, deviceOf } from "../../schemas/device.ts";
import type { SessionRow } from "../../storage/sessions.ts";

/** A session as its user sees it. */
const Session = z.object({
  id: z.uuid(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  user_agent: z.string().nullable(),
  device: Device,
  ip: z.string().nullable(),
  current: z.boolean(),
} satisfies ResponseFields<contract.Session>);

export const SessionList = z.object({ sessions: z.array(Session) } satisfies ResponseFields<contract.SessionList>);

export function toSession(row: SessionRow, currentId: string): contract.Session {
  return {
    id: row.id,
    created_at: new Date(row.createdAt).toISOString(),
    last_used_at: new Date(row.lastUsedAt).toISOString(),
    expires_at: new Date(row.expiresAt).toISOString(),
    user_agent: row.userAgent,
    device: deviceOf(row.userAgent),
    ip: row.ip,
    current: row.id === currentId,
  };
}

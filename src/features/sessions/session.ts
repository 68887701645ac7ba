import * as z from "zod";
import { Device, deviceOf } from "../../schemas/device.ts";
import type { SessionRow } from "../../storage/sessions.ts";

/** A session as its user sees it. */
export const Session = z.object({
  id: z.uuid(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  user_agent: z.string().nullable(),
  device: Device,
  ip: z.string().nullable(),
  current: z.boolean(),
});

export const SessionList = z.object({ sessions: z.array(Session) });
export type SessionList = z.infer<typeof SessionList>;

export function toSession(row: SessionRow, currentId: string): z.infer<typeof Session> {
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

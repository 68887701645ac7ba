import { and, type SQL } from "drizzle-orm";
import { sessions } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import type { Db } from "./db.ts";
import { queueDenialsStatement } from "./denylist-outbox.ts";
import { type AuditContext, insertSessionEventsStatement } from "./events.ts";
import { isActive } from "./session-conditions.ts";

/**
 * Revokes the active sessions that match `where`. `revoked` lists them.
 *
 * The revocation comes last: the event and the outbox entry of a session are written while it is
 * still active.
 */
export function revokeSessionsStatements(
  db: Db,
  event: EventType,
  { audit, where }: { audit: AuditContext; where: SQL | undefined },
) {
  const active = and(where, isActive(audit.at));
  return {
    revocationEvents: insertSessionEventsStatement(db, event, { audit, where: active }),
    denials: queueDenialsStatement(db, audit.at, active),
    revoked: db
      .update(sessions)
      .set({ revokedAt: audit.at })
      .where(active)
      .returning({ id: sessions.id, expiresAt: sessions.expiresAt }),
  };
}

import type { SecurityEventType } from "../contract/events.ts";
import type { NoticeKind } from "../contract/messages.ts";
import type { Deps } from "../deps.ts";
import { logSecurityEvent } from "../log.ts";
import { measureEvent } from "../metrics.ts";
import { denySessions } from "../storage/denylist.ts";
import type { NewNotice } from "../storage/notices.ts";
import type { RevokedSession } from "../storage/session-revocation.ts";

interface Committed {
  event: SecurityEventType;
  userId: string;
  /** How the user signed in, for an event about that. */
  method?: string | undefined;
  /** The sessions that the act revoked. */
  ended?: RevokedSession[];
  /** The notice that was written with the act. */
  notice?: { id: string };
}

/**
 * Finishes an act that the database has committed: logs it, denies the revoked sessions at the edge
 * and sends the notice. Nothing here can fail the act; the schedule repeats what is lost.
 */
export function afterCommit(deps: Deps, { event, userId, method, ended = [], notice }: Committed): void {
  logEvent(deps, event, userId, method);
  if (ended.length > 0) deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  if (notice) deps.waitUntil(deps.enqueue({ kind: "notice", id: notice.id }));
}

/** Logs and counts a security event. `userId` is null if there is no such account. */
export function logEvent(deps: Deps, type: SecurityEventType, userId: string | null, method?: string) {
  const { ray, caller } = deps.requestContext;
  const { by } = deps.audit();
  logSecurityEvent({
    type,
    user: userId,
    method,
    ray,
    caller: caller ?? undefined,
    administrator: by?.administrator,
  });
  measureEvent(deps.metrics, type, method);
}

/** Creates a notice for an act to write with its change. */
export const newNotice = ({ requestContext }: Deps, kind: NoticeKind, userId: string): NewNotice => ({
  id: crypto.randomUUID(),
  kind,
  userId,
  locale: requestContext.locale ?? null,
});

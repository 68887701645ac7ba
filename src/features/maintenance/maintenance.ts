/**
 * Maintenance: what the schedule does every minute. It repeats what may have been lost and deletes
 * outdated rows, a limited number per run.
 */
import type { Deps } from "../../deps.ts";
import { purgeDeadMessages } from "../../storage/dead-messages.ts";
import { denySessions } from "../../storage/denylist.ts";
import { purgeEvents } from "../../storage/events.ts";
import { purgeLockouts } from "../../storage/lockouts.ts";
import { purgeRequestedMessages } from "../../storage/message-budgets.ts";
import { listWaitingNotices, markNoticesRepeated, purgeNotices } from "../../storage/notices.ts";
import { purgeSecrets } from "../../storage/secrets.ts";
import { dropQueuedDenials, listQueuedDenials } from "../../storage/session-revocation.ts";
import { purgeSessions } from "../../storage/sessions.ts";

/** Rows of one kind that a run deletes, so that it never blocks the database for long. */
const MAX_PURGED = 1000;
/** A Worker may make 1000 subrequests in one run. */
const MAX_DENIED = 800;
/** KV accepts one write per second for a key, and the revocation itself has just made one. */
const DENIAL_REPEAT_SECONDS = 10;

const NOTICE_REPEAT_SECONDS = 60;
const MAX_REPEATED = 100;

/**
 * Writes each revocation to the denylist a second time, because the first write may have been lost.
 * Writes that KV rejects stay in the outbox for the next run.
 */
export async function repeatDenials({ db, denylist, now }: Deps): Promise<void> {
  const waiting = await listQueuedDenials(db, now() - DENIAL_REPEAT_SECONDS * 1000, MAX_DENIED);
  const alive = waiting.filter(({ expiresAt }) => expiresAt > now());
  const denied = await denySessions(denylist, alive, now());
  const dead = waiting.filter(({ expiresAt }) => expiresAt <= now()).map(({ id }) => id);
  if (denied.length + dead.length > 0) await dropQueuedDenials(db, [...denied, ...dead]);
}

/** Deletes sessions older than the maximum age of a session. */
export const purgeOldSessions = ({ db, config, now }: Deps): Promise<void> =>
  purgeSessions(db, now() - config.SESSION_MAX_AGE_SECONDS * 1000, now(), MAX_PURGED);

/** Deletes dead messages past the retention of events. */
export const purgeOldDeadMessages = ({ db, config, now }: Deps): Promise<void> =>
  purgeDeadMessages(db, now() - config.AUDIT_RETENTION_SECONDS * 1000, MAX_PURGED);

/** Deletes audit events past their retention. */
export const purgeOldEvents = ({ db, config, now }: Deps): Promise<void> =>
  purgeEvents(db, now() - config.AUDIT_RETENTION_SECONDS * 1000, MAX_PURGED);

/** Deletes expired one-time secrets, and messages that no budget counts anymore. */
export async function purgeOldSecrets({ db, now }: Deps): Promise<void> {
  await purgeSecrets(db, now(), MAX_PURGED);
  await purgeRequestedMessages(db, now(), MAX_PURGED);
}

/** Deletes lockouts whose failures are forgotten. */
export const purgeOldLockouts = ({ db, now }: Deps): Promise<void> => purgeLockouts(db, now(), MAX_PURGED);

/**
 * Queues each notice again that was not sent within a minute: the first attempt to queue it may
 * have failed.
 */
export async function repeatNotices({ db, enqueue, now }: Deps): Promise<void> {
  const waiting = await listWaitingNotices(db, now() - NOTICE_REPEAT_SECONDS * 1000, MAX_REPEATED);
  const results = await Promise.all(waiting.map((id) => enqueue({ kind: "notice", id })));
  const repeated = waiting.filter((_, index) => results[index]?.ok);
  if (repeated.length > 0) await markNoticesRepeated(db, repeated, now());
}

/** Deletes unsent notices past the retention of events. */
export const purgeOldNotices = ({ db, config, now }: Deps): Promise<void> =>
  purgeNotices(db, now() - config.AUDIT_RETENTION_SECONDS * 1000, MAX_PURGED);

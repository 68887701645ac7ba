import type { Deps } from "../../deps.ts";
import { purgeDeadMessages } from "../../storage/dead-messages.ts";
import { denySessions } from "../../storage/denylist.ts";
import { dropQueuedDenials, listQueuedDenials } from "../../storage/denylist-outbox.ts";
import { purgeEvents } from "../../storage/events.ts";
import { purgeLockouts } from "../../storage/lockouts.ts";
import { purgeRequestedMessages } from "../../storage/message-budgets.ts";
import { listWaitingNotices, markNoticesRepeated, purgeNotices } from "../../storage/notices.ts";
import { purgeSecrets } from "../../storage/secrets.ts";
import { purgeSessions } from "../../storage/sessions.ts";

/** What a run deletes of each kind at most, so that it never holds the database up for long. */
const MAX_PURGED = 1000;
/** A Worker may make 1000 calls to other services in one run. */
const MAX_DENIED = 800;
/** KV takes one write a second for a key, and the revocation itself has just made one. */
const DENIAL_REPEAT_SECONDS = 10;

const NOTICE_REPEAT_SECONDS = 60;
const MAX_REPEATED = 100;

/** Writes each revocation into the denylist a second time: only here is it known to have arrived. What KV refuses waits
 *  for the next run. */
export async function repeatDenials({ db, denylist, now }: Deps): Promise<void> {
  const waiting = await listQueuedDenials(db, now() - DENIAL_REPEAT_SECONDS * 1000, MAX_DENIED);
  const alive = waiting.filter(({ expiresAt }) => expiresAt > now());
  const denied = await denySessions(denylist, alive, now());
  const dead = waiting.filter(({ expiresAt }) => expiresAt <= now()).map(({ id }) => id);
  if (denied.length + dead.length > 0) await dropQueuedDenials(db, [...denied, ...dead]);
}

/** Deletes sessions past the age that none can outlive. */
export const purgeOldSessions = ({ db, config, now }: Deps): Promise<void> =>
  purgeSessions(db, now() - config.SESSION_MAX_AGE_SECONDS * 1000, now(), MAX_PURGED);

/** Deletes messages that were never sent once nobody needs to know of them any more. */
export const purgeOldDeadMessages = ({ db, config, now }: Deps): Promise<void> =>
  purgeDeadMessages(db, now() - config.AUDIT_RETENTION_SECONDS * 1000, MAX_PURGED);

/** Deletes audit events past their retention. */
export const purgeOldEvents = ({ db, config, now }: Deps): Promise<void> =>
  purgeEvents(db, now() - config.AUDIT_RETENTION_SECONDS * 1000, MAX_PURGED);

/** Deletes one-time secrets and requested messages that neither work nor count any more. */
export async function purgeOldSecrets({ db, now }: Deps): Promise<void> {
  await purgeSecrets(db, now(), MAX_PURGED);
  await purgeRequestedMessages(db, now(), MAX_PURGED);
}

/** Deletes failed guesses that are forgotten. */
export const purgeOldLockouts = ({ db, now }: Deps): Promise<void> => purgeLockouts(db, now(), MAX_PURGED);

/** Asks the queue once more to send each notice that has not been sent within a minute: it may not have been asked. */
export async function repeatNotices({ db, enqueue, now }: Deps): Promise<void> {
  const waiting = await listWaitingNotices(db, now() - NOTICE_REPEAT_SECONDS * 1000, MAX_REPEATED);
  const results = await Promise.all(waiting.map((id) => enqueue({ kind: "notice", id })));
  const repeated = waiting.filter((_, index) => results[index]?.ok);
  if (repeated.length > 0) await markNoticesRepeated(db, repeated, now());
}

/** Deletes notices that were never sent once nobody needs to know of them any more. */
export const purgeOldNotices = ({ db, config, now }: Deps): Promise<void> =>
  purgeNotices(db, now() - config.AUDIT_RETENTION_SECONDS * 1000, MAX_PURGED);

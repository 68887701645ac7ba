/**
 * Maintenance: repeats, every minute, writes and messages that may have been lost. `purge.ts`
 * deletes outdated rows.
 */
import type { Deps } from "../../deps.ts";
import { denySessions } from "../../storage/denylist.ts";
import { listWaitingNotices, markNoticesRepeated } from "../../storage/notices.ts";
import { listQueuedDenials, markDenied } from "../../storage/session-revocation.ts";

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
  if (denied.length + dead.length > 0) await markDenied(db, [...denied, ...dead], now());
}

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

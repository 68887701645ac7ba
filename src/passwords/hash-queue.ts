/**
 * The queue of an isolate for password hashing, which is CPU-heavy.
 *
 * An isolate runs one hash at a time and answers cheap requests in between. It takes at most
 * `MAX_WAITING` requests and refuses more with `overloaded`.
 */
import { type Metrics, measureHash } from "../metrics.ts";
import { err, ok, type Result } from "../result.ts";

/** With more waiting requests, the last one would wait longer than 7 to 11 seconds. */
const MAX_WAITING = 32;
/** The pause between two hashes, long enough to read and answer a cheap request. */
const PAUSE_MILLISECONDS = 5;
/** A waiting request polls between two hashes. One that has not polled for this long is gone. */
const LEASE_MILLISECONDS = 2000;

/** The requests of this isolate that wait for a hash, with the time of their last poll. */
const waiting = new Map<symbol, number>();
/** The number of hashes started by this isolate. */
let hashCount = 0;

/**
 * Runs a hash when no other hash has started during a pause. Cheap requests run in the pause.
 *
 * Each request polls with its own timer, because the runtime cancels a request that awaits a
 * promise of another request. A waiting request holds no lock, so a canceled one blocks nobody: it
 * only keeps its place until the lease expires.
 */
export async function runExclusive<T>(hash: () => T, metrics?: Metrics): Promise<Result<T>> {
  const me = Symbol();
  const startedAt = Date.now();
  dropCancelled(startedAt);
  if (waiting.size >= MAX_WAITING) {
    measureHash(metrics, "overloaded", waiting.size, 0);
    return err("overloaded");
  }

  for (let seen = -1; seen !== hashCount; ) {
    waiting.set(me, Date.now());
    seen = hashCount;
    await scheduler.wait(waiting.size > 1 ? PAUSE_MILLISECONDS : 1);
  }
  waiting.delete(me);
  hashCount++;
  measureHash(metrics, "started", waiting.size, Date.now() - startedAt);
  return ok(hash());
}

function dropCancelled(now: number) {
  for (const [request, seenAt] of waiting) {
    if (now - seenAt > LEASE_MILLISECONDS) waiting.delete(request);
  }
}

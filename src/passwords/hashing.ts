import {
  dummyHash,
  hashPassword,
  isOutdated,
  type ScryptEngine,
  type ScryptParams,
  verifyPassword,
} from "../crypto/password.ts";
import { err, ok, type Result } from "../result.ts";

/** Hashing is the one dear thing that this service does: it is done one at a time, and `overloaded` when too many wait. */
export interface Hashing {
  hash(password: string): Promise<Result<string>>;
  /** Takes as long for an unknown user, who has no hash, as for a known one whose hash is not outdated. */
  verify(password: string, stored: string | null | undefined): Promise<Result<boolean>>;
  /** Whether the hash has other parameters than new ones get. */
  isOutdated(stored: string): boolean;
}

export function createHashing(params: ScryptParams, engine: ScryptEngine): Hashing {
  const dummy = dummyHash(params);
  return {
    hash: (password) => runExclusive(() => hashPassword(password, params, engine)),
    verify: (password, stored) => runExclusive(() => verifyPassword(password, stored ?? dummy, engine)),
    isOutdated: (stored) => isOutdated(stored, params),
  };
}

/** Beyond this many waiting requests the next one would wait for five to ten seconds. */
const MAX_WAITING = 32;
/** Long enough for a cheap request to be read and answered between two hashes. */
const PAUSE_MILLISECONDS = 5;
/** Who waits shows up between any two hashes, so whoever has not for this long was cancelled. */
const LEASE_MILLISECONDS = 2000;

/** The requests of this isolate that wait for a hash, with when they last showed up. */
const waiting = new Map<symbol, number>();
/** How many hashes were begun. */
let hashCount = 0;

/** Hashes once nobody else has for a pause, which cheap requests go ahead in. Each request polls by a timer of its own,
 *  because the runtime kills one that waits for another's promise, and none holds anything while it waits: one that is
 *  cancelled leaves nothing behind but its place, until the lease ends. */
async function runExclusive<T>(hash: () => T): Promise<Result<T>> {
  const me = Symbol();
  dropCancelled(Date.now());
  if (waiting.size >= MAX_WAITING) return err("overloaded");

  for (let seen = -1; seen !== hashCount; ) {
    waiting.set(me, Date.now());
    seen = hashCount;
    await scheduler.wait(waiting.size > 1 ? PAUSE_MILLISECONDS : 1);
  }
  waiting.delete(me);
  hashCount++;
  return ok(hash());
}

function dropCancelled(now: number) {
  for (const [request, seenAt] of waiting) {
    if (now - seenAt > LEASE_MILLISECONDS) waiting.delete(request);
  }
}

/**
 * The queue for password hashing, the only CPU-heavy operation of this service.
 *
 * An isolate runs one hash at a time and answers cheap requests in between. It takes at most
 * `MAX_WAITING` requests and refuses more with `overloaded`.
 */
import {
  dummyHash,
  hashPassword,
  isOutdated,
  paramsOf,
  type ScryptEngine,
  type ScryptParams,
  verifyPassword,
} from "../crypto/password.ts";
import { err, ok, type Result } from "../result.ts";
import { normalizePassword } from "./normalization.ts";

/**
 * How a password matches a stored hash. `typed-form`: it matches as typed only, because the hash is
 * from before passwords were normalized.
 */
export type Match = "no" | "yes" | "typed-form";

/** Hashes and verifies passwords. Errors: `overloaded` if too many requests wait. */
export interface Hashing {
  hash(password: string): Promise<Result<string>>;
  /**
   * Verifies a password, in its normal form and then as typed if that is another. Without a stored
   * hash it verifies a dummy hash with the parameters of `sample`, the hash of another account, so
   * that the response time does not reveal whether the account exists. Without a sample the dummy
   * has the parameters of new hashes.
   */
  verify(password: string, stored: string | null | undefined, sample?: string | undefined): Promise<Result<Match>>;
  /** Tests whether a hash has other parameters than new hashes. */
  isOutdated(stored: string): boolean;
}

export function createHashing(params: ScryptParams, engine: ScryptEngine): Hashing {
  const dummyLike = (sample = "") => dummyHash(paramsOf(sample) ?? params);
  return {
    hash: (password) => runExclusive(() => hashPassword(normalizePassword(password), params, engine)),
    verify: async (password, stored, sample) => {
      const hash = stored ?? dummyLike(sample);
      const matches = (form: string) => runExclusive(() => verifyPassword(form, hash, engine));
      const normal = normalizePassword(password);
      const matched = await matches(normal);
      if (!matched.ok || matched.value) return matched.ok ? ok("yes") : matched;
      if (normal === password) return ok("no");

      // A dummy costs a second hash too: whether the account exists stays hidden.
      const verbatim = await matches(password);
      return verbatim.ok ? ok(verbatim.value ? "typed-form" : "no") : verbatim;
    },
    isOutdated: (stored) => isOutdated(stored, params),
  };
}

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

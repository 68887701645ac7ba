import type { CryptoKey, JWTHeaderParameters } from "jose";
import type { AccessTokenType } from "../contract/claims.ts";
import { findKey, importPublicKeys, SIGNING_ALGORITHMS, type SigningJwk, type VerifyingKey } from "../crypto/keys.ts";
import { ask, DEADLINE_MILLISECONDS, Unavailable } from "./unavailable.ts";

/** Keys older than this are fetched again, after a response. */
const FRESH_MILLISECONDS = 300_000;
/** The pause after a fetch that failed, or that did not find a key. */
const COOL_DOWN_MILLISECONDS = 10_000;
/** The number of unknown keys that are looked up during the pause. Anyone can send a key id. */
const MAX_MISSES = 5;
const POLL_MILLISECONDS = 20;

/** The issuer of tokens, as the service describes itself. */
export interface Issuer {
  issuer: string;
  audience: string;
  /** The `typ` of its tokens, if it says it. */
  typ?: AccessTokenType;
  /** JSON Web Keys (RFC 7517). */
  keys: object[];
}

interface Cached extends Issuer {
  keys: VerifyingKey[];
  /** Unix time in milliseconds, by the clock of the caller. */
  loadedAt: number;
}

/** Keeps the Worker running until `work` is done, after the response. */
export type WaitUntil = (work: Promise<unknown>) => void;

/**
 * The keys of an issuer. They are kept for the lifetime of the isolate, and they stay in use while
 * the issuer is unreachable.
 */
export interface KeyCache {
  /**
   * Returns the issuer. Fetches old keys again: after the response, or before it if there is no
   * `waitUntil`. Throws `Unavailable` if the issuer was never reached.
   */
  issuer(now: number, waitUntil: WaitUntil | undefined): Promise<Issuer>;
  /**
   * Returns the key that a header names. Asks the issuer for an unknown key, because it may be
   * new. Throws `Unavailable` if the issuer cannot be asked.
   */
  find(header: JWTHeaderParameters, now: number): Promise<CryptoKey | undefined>;
}

export function createKeyCache(load: () => Promise<Issuer>): KeyCache {
  let cached: Cached | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  /** The key ids that the issuer did not have, with the time of the lookup. */
  const missed = new Map<string, number>();
  /**
   * Numbers of the last fetch that began and of the last that ended. `begunAt` is real time: a
   * fetch never ends if its request is canceled.
   */
  let begun = 0;
  let begunAt = 0;
  let ended = 0;

  const isFetching = () => ended < begun && Date.now() - begunAt < DEADLINE_MILLISECONDS;
  const hasJustFailed = (now: number) => now - failedAt < COOL_DOWN_MILLISECONDS;

  async function fetchKeys(now: number): Promise<void> {
    const number = ++begun;
    begunAt = Date.now();
    try {
      const { keys: jwks, ...issuer } = await ask(load);
      const keys = await importAll(jwks);
      // The fetch that began later has newer keys, even if it ends first.
      if (number > ended) [cached, failedAt] = [{ ...issuer, keys, loadedAt: now }, Number.NEGATIVE_INFINITY];
    } catch (error) {
      if (number > ended) failedAt = now;
      throw error;
    } finally {
      ended = Math.max(ended, number);
    }
  }

  /**
   * Waits until `isFound`, or until a fetch that began after this call has ended. Requests share
   * fetched keys but poll for them: workerd does not let a request wait for the I/O of another
   * one. Throws `Unavailable` if that fetch fails.
   */
  async function fetchUntil(isFound: () => boolean, now: number): Promise<void> {
    const next = begun + 1;
    while (!isFound() && ended < next) {
      if (isFetching()) await new Promise((resume) => setTimeout(resume, POLL_MILLISECONDS));
      else await fetchKeys(now);
    }
    if (!isFound() && hasJustFailed(now)) throw new Unavailable("The issuer did not respond.");
  }

  /** Returns whether to ask for this key. Throws `Unavailable` during the pause between fetches. */
  function isWorthAsking(kid: string, now: number): boolean {
    for (const [other, at] of missed) if (now - at > COOL_DOWN_MILLISECONDS) missed.delete(other);
    if (missed.has(kid)) return false;
    if (missed.size < MAX_MISSES && !hasJustFailed(now)) return true;
    throw new Unavailable("The issuer was asked for keys too recently.");
  }

  return {
    async issuer(now, waitUntil) {
      if (!cached) await fetchUntil(() => cached !== undefined, now);
      if (!cached) throw new Unavailable("The issuer did not return its keys.");
      const isStale = now - cached.loadedAt > FRESH_MILLISECONDS && !hasJustFailed(now);
      if (!isStale || isFetching()) return cached;
      const renewal = fetchKeys(now).catch(() => {});
      if (waitUntil) waitUntil(renewal);
      else await renewal;
      return cached;
    },
    async find(header, now) {
      const { kid = "" } = header;
      const lookUp = () => findKey(cached?.keys ?? [], header);
      const known = lookUp();
      if (known || !isWorthAsking(kid, now)) return known;
      await fetchUntil(() => lookUp() !== undefined, now);
      const found = lookUp();
      if (!found) missed.set(kid, now);
      return found;
    },
  };
}

/** Imports the usable keys. Throws `Unavailable` if there are none. */
async function importAll(jwks: unknown): Promise<VerifyingKey[]> {
  const usable = Array.isArray(jwks) ? jwks.filter(isSigningJwk) : [];
  const imported = await Promise.allSettled(usable.map((jwk) => importPublicKeys([jwk])));
  const keys = imported.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  if (keys.length === 0) throw new Unavailable("The issuer has no usable key.");
  return keys;
}

const isSigningJwk = (jwk: unknown): jwk is SigningJwk =>
  typeof jwk === "object" &&
  jwk !== null &&
  "kid" in jwk &&
  "alg" in jwk &&
  SIGNING_ALGORITHMS.some((alg) => alg === jwk.alg);

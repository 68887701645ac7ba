import type { CryptoKey, JWTHeaderParameters } from "jose";
import { findKey, importPublicKeys, SIGNING_ALGORITHMS, type SigningJwk, type VerifyingKey } from "../crypto/keys.ts";
import { ask, DEADLINE_MILLISECONDS, Unavailable } from "./unavailable.ts";

/** After this the keys are fetched again, behind an answer. */
const FRESH_MILLISECONDS = 300_000;
/** How long no more is asked after an answer that did not help. */
const COOL_DOWN_MILLISECONDS = 10_000;
/** How many different keys are looked for meanwhile: anybody can name one. */
const MAX_MISSES = 5;
const POLL_MILLISECONDS = 20;

/** Whose tokens are checked, as the service says it. */
export interface Issuer {
  issuer: string;
  audience: string;
  /** JSON Web Keys (RFC 7517). */
  keys: object[];
}

interface Cached extends Issuer {
  keys: VerifyingKey[];
  /** By the caller's clock. */
  loadedAt: number;
}

/** Takes what may go on after an answer. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** An issuer's keys, kept for as long as the isolate lives and used also when the issuer cannot be reached. */
export interface KeyCache {
  /** The issuer. Keys that are not fresh are fetched `behind` the answer, or before it where there is no behind. Throws
   *  `Unavailable` when the issuer has never been reached. */
  issuer(now: number, waitUntil: WaitUntil | undefined): Promise<Issuer>;
  /** The key that a header names. One that is not known may be new, so the issuer is asked; throws `Unavailable` when it
   *  cannot be. */
  find(header: JWTHeaderParameters, now: number): Promise<CryptoKey | undefined>;
}

export function createKeyCache(load: () => Promise<Issuer>): KeyCache {
  let cached: Cached | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  /** Keys that the issuer did not have when it was asked, and when. */
  const missed = new Map<string, number>();
  /** Fetches, by number. The clock is the real one: a fetch whose request was cancelled never ends. */
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
      // Of two fetches the one that began later knows more, whichever ends first.
      if (number > ended) [cached, failedAt] = [{ ...issuer, keys, loadedAt: now }, Number.NEGATIVE_INFINITY];
    } catch (error) {
      if (number > ended) failedAt = now;
      throw error;
    } finally {
      ended = Math.max(ended, number);
    }
  }

  /** Waits until it is there, or a fetch that began after the call has ended. Requests share what was fetched, never a fetch:
   *  workerd lets no request wait for another one's, so each polls. Throws `Unavailable` when that fetch fails. */
  async function fetchUntil(isThere: () => boolean, now: number): Promise<void> {
    const enough = begun + 1;
    while (!isThere() && ended < enough) {
      if (isFetching()) await new Promise((resume) => setTimeout(resume, POLL_MILLISECONDS));
      else await fetchKeys(now);
    }
    if (!isThere() && hasJustFailed(now)) throw new Unavailable("The issuer did not answer.");
  }

  /** Whether it is worth asking for this key. Throws `Unavailable` when it may not be asked now. */
  function isWorthAsking(kid: string, now: number): boolean {
    for (const [other, at] of missed) if (now - at > COOL_DOWN_MILLISECONDS) missed.delete(other);
    if (missed.has(kid)) return false;
    if (missed.size < MAX_MISSES && !hasJustFailed(now)) return true;
    throw new Unavailable("The issuer was asked for keys a moment ago.");
  }

  return {
    async issuer(now, waitUntil) {
      if (!cached) await fetchUntil(() => cached !== undefined, now);
      if (!cached) throw new Unavailable("The issuer has not said its keys.");
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

/** Those that verify. Throws `Unavailable` when there is none. */
async function importAll(jwks: unknown): Promise<VerifyingKey[]> {
  const ours = Array.isArray(jwks) ? jwks.filter(isOurs) : [];
  const imported = await Promise.allSettled(ours.map((jwk) => importPublicKeys([jwk])));
  const keys = imported.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  if (keys.length === 0) throw new Unavailable("The issuer shows no key that verifies.");
  return keys;
}

const isOurs = (jwk: unknown): jwk is SigningJwk =>
  typeof jwk === "object" &&
  jwk !== null &&
  "kid" in jwk &&
  "alg" in jwk &&
  SIGNING_ALGORITHMS.some((alg) => alg === jwk.alg);

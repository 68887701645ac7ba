import type { CryptoKey, JWTHeaderParameters } from "jose";
import { findKey, importPublicKeys, SIGNING_ALGORITHMS, type SigningJwk, type VerifyingKey } from "../crypto/keys.ts";
import { ask, Unavailable } from "./unavailable.ts";

/** After this the keys are fetched again, behind an answer. */
const FRESH_MILLISECONDS = 300_000;
/** Between two fetches behind answers, and between two searches for a key that is not known. */
const COOL_DOWN_MILLISECONDS = 10_000;

/** Whose tokens are checked, as the service says it. */
export interface Issuer {
  issuer: string;
  audience: string;
  /** JSON Web Keys (RFC 7517). */
  keys: object[];
}

interface Cached extends Issuer {
  keys: VerifyingKey[];
  /** When the fetch began. */
  askedAt: number;
  /** By the caller's clock. */
  loadedAt: number;
}

/** An issuer's keys, kept for as long as the isolate lives and used also when the issuer cannot be reached. Requests share
 *  what was fetched, never a fetch: workerd lets no request wait for another one's. */
export interface KeyCache {
  /** The issuer; `behind` takes what may go on after the answer. Throws `Unavailable` when it has never been reached. */
  issuer(now: number, behind: (work: Promise<unknown>) => void): Promise<Issuer>;
  /** The key that a header names. One that is not known may be new, so the issuer is asked; throws `Unavailable` when it
   *  does not answer. */
  find(header: JWTHeaderParameters, now: number): Promise<CryptoKey | undefined>;
}

export function createKeyCache(load: () => Promise<Issuer>): KeyCache {
  let cached: Cached | undefined;
  let revalidatedAt = Number.NEGATIVE_INFINITY;
  let lastSearch = { endedAt: Number.NEGATIVE_INFINITY, failed: false };

  async function reload(now: number): Promise<Cached> {
    const askedAt = performance.now();
    const loaded = await ask(async () => {
      const issuer = await load();
      return { ...issuer, keys: await importPublicKeys(issuer.keys.filter(isOurs)) };
    });
    if (loaded.keys.length === 0) throw new Unavailable("The issuer shows no key that verifies.");
    // Of two fetches at once the later one knows more, whichever ends first.
    if (!cached || cached.askedAt <= askedAt) cached = { ...loaded, askedAt, loadedAt: now };
    return cached;
  }

  async function search(header: JWTHeaderParameters, now: number) {
    try {
      const { keys } = await reload(now);
      lastSearch = { endedAt: now, failed: false };
      return findKey(keys, header);
    } catch (error) {
      lastSearch = { endedAt: now, failed: true };
      throw error;
    }
  }

  return {
    async issuer(now, behind) {
      if (!cached) return reload(now);
      if (now - cached.loadedAt > FRESH_MILLISECONDS && now - revalidatedAt > COOL_DOWN_MILLISECONDS) {
        revalidatedAt = now;
        behind(reload(now).catch(() => {}));
      }
      return cached;
    },
    async find(header, now) {
      const known = findKey(cached?.keys ?? [], header);
      if (known) return known;
      // From the end of a search on: who comes with a new key while one is under way must not be turned away.
      if (now - lastSearch.endedAt > COOL_DOWN_MILLISECONDS) return search(header, now);
      if (lastSearch.failed) throw new Unavailable("The issuer did not answer a moment ago.");
      return undefined;
    },
  };
}

const isOurs = (jwk: object): jwk is SigningJwk =>
  "kid" in jwk && "alg" in jwk && SIGNING_ALGORITHMS.some((alg) => alg === jwk.alg);

import type { JWK, JWTHeaderParameters } from "jose";
import * as z from "zod/mini";
import { ok, type Result } from "../result.ts";
import { orElse } from "../schemas/optional.ts";
import { ask } from "./outbound.ts";
import type { IdentityProvider, ProviderDeps } from "./provider.ts";

/** A JWK set (RFC 7517 §5). A key of an unknown kind does not spoil the others. */
const KeySet = z.object({ keys: z.array(orElse(z.looseObject({ kty: z.string() }), { kty: "" })) });

/** Microsoft's keys name the issuer that they sign for. */
type ProviderKey = JWK & { issuer?: unknown };

interface CachedKeys {
  keys: ProviderKey[];
  at: number;
  /** When an unknown key was last looked for. */
  searchedAt: number;
}

const CACHE_MILLISECONDS = 3_600_000;
/** A rotated key is found at once. Many unknown keys do not make us ask more than once a minute. */
const SEARCH_MILLISECONDS = 60_000;

/** Cached per isolate. An entry ends with the settings that it belongs to. */
const cache = new WeakMap<IdentityProvider, CachedKeys>();

/**
 * Finds the key of a provider that a token's header names. Undefined if there is none.
 *
 * An unknown key is looked for again, once a minute. Errors: `provider_unavailable`.
 */
export async function findProviderKey(
  deps: ProviderDeps,
  provider: IdentityProvider,
  jwksUri: string,
  header: Partial<JWTHeaderParameters>,
): Promise<Result<ProviderKey | undefined>> {
  const now = deps.now();
  const cached = cache.get(provider);
  if (cached && now - cached.at < CACHE_MILLISECONDS) {
    const key = pick(cached.keys, header);
    if (key || now - cached.searchedAt < SEARCH_MILLISECONDS) return ok(key);
    cached.searchedAt = now;
  }

  const loaded = await ask(provider, "keys", KeySet, jwksUri, { signal: deps.signal });
  if (!loaded.ok) return loaded;
  const { keys } = loaded.value;
  cache.set(provider, { keys, at: now, searchedAt: cached?.searchedAt ?? 0 });
  return ok(pick(keys, header));
}

/** The type of key of each algorithm, by its first letters. Symmetric algorithms have none. */
const KEY_TYPES: Record<string, string> = { RS: "RSA", PS: "RSA", ES: "EC", Ed: "OKP" };

/** Picks the one key that fits. A header without `kid` needs a set with one such key. */
function pick(keys: ProviderKey[], { kid, alg = "" }: Partial<JWTHeaderParameters>): ProviderKey | undefined {
  const [key, ...others] = keys.filter(
    (candidate) =>
      candidate.kty === KEY_TYPES[alg.slice(0, 2)] &&
      (kid === undefined || candidate.kid === kid) &&
      (candidate.alg ?? alg) === alg &&
      (candidate.use ?? "sig") === "sig",
  );
  return others.length === 0 ? key : undefined;
}

/**
 * Hashes and verifies passwords, one at a time (`hash-queue.ts`).
 *
 * New hashes are our own. Users who were imported have hashes of other systems until they sign in;
 * another Worker verifies those, if it is bound. Otherwise they match no password.
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
import type { Metrics } from "../metrics.ts";
import { ok, type Result } from "../result.ts";
import { foreignDummy, type PasswordVerifier, verifyForeignHash } from "./foreign-hashes.ts";
import { runExclusive } from "./hash-queue.ts";
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
   * hash that can be verified, it verifies a dummy hash with the parameters of `sample`, the hash
   * of another account, so that the response time does not reveal whether the account exists.
   * Without a sample the dummy has the parameters of new hashes. Errors also: `check_unavailable`.
   */
  verify(password: string, stored: string | null | undefined, sample?: string | undefined): Promise<Result<Match>>;
  /** Tests whether a hash has other parameters than new hashes. */
  isOutdated(stored: string): boolean;
}

/** Optional parts of the service. */
export interface HashingParts {
  /** Verifies the hashes of other systems. */
  verifier?: PasswordVerifier | undefined;
  metrics?: Metrics;
}

export function createHashing(
  params: ScryptParams,
  engine: ScryptEngine,
  { verifier, metrics }: HashingParts = {},
): Hashing {
  /** The parameters of our own hashes; `foreign` for others that can be verified. */
  const kindOf = (hash: string) => paramsOf(hash) ?? (verifier && "foreign");
  const dummyLike = (sample = "") => {
    const kind = sample ? kindOf(sample) : undefined;
    return kind === "foreign" ? foreignDummy(sample) : dummyHash(kind ?? params);
  };
  return {
    hash: (password) => runExclusive(() => hashPassword(normalizePassword(password), params, engine), metrics),
    verify: async (password, stored, sample) => {
      const hash = stored && kindOf(stored) ? stored : dummyLike(sample);
      const matches = (form: string) =>
        verifier && !paramsOf(hash)
          ? verifyForeignHash(verifier, form, hash)
          : runExclusive(() => verifyPassword(form, hash, engine), metrics);
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

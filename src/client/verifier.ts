import type { JWTHeaderParameters } from "jose";
import { type AccessClaims, verifyAccessToken } from "../crypto/tokens.ts";
import { issuerAt, issuerBehind, parseIssuer } from "./issuer.ts";
import { createKeyCache, type KeyCache } from "./key-cache.ts";
import type { AuthService, Tier } from "./services.ts";
import { ask, Unavailable } from "./unavailable.ts";

interface CommonOptions {
  /** Whom the token has to be for, unless it is the service's own audience. */
  audience?: string;
  /** The service's own KV namespace, where a Worker is bound to that. */
  denylist?: { get(key: string): Promise<string | null> };
  /** What to do with a good token when nobody can tell whether its session has ended: refused, unless told otherwise. */
  onUnavailable?: "deny" | "allow-local";
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** Bound to the service. `revocation` without a tier: `denylist` is asked where it is given, else the service. */
export interface BoundOptions extends CommonOptions {
  auth: Pick<AuthService, "keys" | "verify">;
  tier?: Tier;
}

/** Over the network. `revocation` without a tier where there is a `denylist`, else `local`. */
export interface RemoteOptions extends CommonOptions {
  /** The origin of the service. */
  issuer: string;
  tier?: "local" | "revocation";
}

export type VerifierOptions = BoundOptions | RemoteOptions;

/** The claims of an access token; undefined when it is no good. `behind` takes what may go on after the answer. Throws
 *  `Unavailable` when nobody can tell. */
export type Verifier = (token: string, behind: (work: Promise<unknown>) => void) => Promise<AccessClaims | undefined>;

/** Checks tokens as a tier asks. Throws a TypeError when nothing that is given can tell what it asks. */
export function createVerifier(options: VerifierOptions): Verifier {
  const cache = cacheOf(options);
  const confirm = confirmationOf(options);
  const { now = Date.now, onUnavailable = "deny" } = options;

  return async (token, behind) => {
    const at = now();
    const { issuer, audience } = await cache.issuer(at, behind);
    const checks = {
      issuer,
      audience: options.audience ?? audience,
      findKey: (header: JWTHeaderParameters) => cache.find(header, at),
    };
    const claims = await verifyAccessToken(checks, token, at);
    if (!claims || !confirm) return claims;
    try {
      return await ask(() => confirm(claims, token));
    } catch (error) {
      if (onUnavailable === "allow-local" && error instanceof Unavailable) return claims;
      throw error;
    }
  };
}

type Confirmation = (claims: AccessClaims, token: string) => Promise<AccessClaims | undefined>;

/** What is asked after the token itself was found good; undefined when nothing is. */
function confirmationOf(options: VerifierOptions): Confirmation | undefined {
  const { denylist, audience } = options;
  const auth = "auth" in options ? options.auth : undefined;
  const tier: Tier = options.tier ?? (auth || denylist ? "revocation" : "local");
  if (tier === "local") return undefined;
  if (tier === "revocation" && denylist) {
    return async (claims) => ((await denylist.get(`sid:${claims.sid}`)) === null ? claims : undefined);
  }
  if (!auth)
    throw new TypeError(
      `Tier ${tier} needs a binding to the service${tier === "revocation" ? " or its denylist" : ""}.`,
    );
  return async (_, token) => {
    const outcome = await auth.verify(token, { tier, ...(audience !== undefined && { audience }) });
    if (outcome.ok) return outcome.value;
    if (outcome.code === "unauthenticated") return undefined;
    throw new Unavailable(outcome.code);
  };
}

const boundCaches = new WeakMap<object, KeyCache>();
const remoteCaches = new Map<string, KeyCache>();

/** One for each service, however many verifiers there are. */
function cacheOf(options: VerifierOptions): KeyCache {
  if ("auth" in options) {
    const { auth } = options;
    return take(boundCaches, auth, () => createKeyCache(() => issuerBehind(auth)));
  }
  const issuer = parseIssuer(options.issuer);
  return take(remoteCaches, issuer, () => createKeyCache(() => issuerAt(issuer)));
}

function take<Key>(
  caches: { get(key: Key): KeyCache | undefined; set(key: Key, cache: KeyCache): unknown },
  key: Key,
  create: () => KeyCache,
) {
  const cache = caches.get(key) ?? create();
  caches.set(key, cache);
  return cache;
}

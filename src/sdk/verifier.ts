import type { JWTHeaderParameters } from "jose";
import { type AccessClaims, verifyAccessToken } from "../crypto/access-token.ts";
import { issuerAt, issuerBehind, parseIssuer } from "./issuer.ts";
import { createKeyCache, type KeyCache, type WaitUntil } from "./key-cache.ts";
import type { AuthService, Tier } from "./services.ts";
import { ask, Unavailable } from "./unavailable.ts";

interface CommonOptions {
  /** Whom the token has to be for, unless it is the service's own audience. */
  audience?: string | undefined;
  /** The service's own KV namespace, where a Worker is bound to that. */
  denylist?: { get(key: string): Promise<string | null> };
  /** What to do with a good token when nobody can tell whether its session has ended: refused, unless told otherwise. */
  onUnavailable?: "deny" | "allow-local" | undefined;
  /** Unix time in milliseconds. */
  now?: (() => number) | undefined;
}

/** Bound to the service. `revocation` without a tier: `denylist` is asked where it is given, else the service. */
export interface BoundOptions extends CommonOptions {
  auth: Pick<AuthService, "keys" | "verify">;
  tier?: Tier | undefined;
}

/** Over the network. `revocation` without a tier where there is a `denylist`, else `local`. */
export interface RemoteOptions extends CommonOptions {
  /** The origin of the service. */
  issuer: string;
  tier?: "local" | "revocation" | undefined;
}

export type VerifierOptions = BoundOptions | RemoteOptions;

/** The claims of an access token; undefined when it is no good. Throws `Unavailable` when nobody can tell. */
export type Verifier = (token: string, waitUntil: WaitUntil | undefined) => Promise<AccessClaims | undefined>;

/** Checks tokens as a tier asks. Throws a TypeError when something is amiss with the options, so that none fails open. */
export function createVerifier(options: VerifierOptions): Verifier {
  const cache = cacheOf(options);
  const confirm = confirmationOf(options);
  const { now = Date.now, onUnavailable = "deny" } = options;
  if (options.audience === "") throw new TypeError("The audience is empty.");

  return async (token, waitUntil) => {
    const at = now();
    const { issuer, audience } = await cache.issuer(at, waitUntil);
    const findKey = (header: JWTHeaderParameters) => cache.find(header, at);
    const claims = await verifyAccessToken({ issuer, audience: options.audience ?? audience, findKey }, token, at);
    if (!claims || !confirm) return claims;
    try {
      return await confirm(claims, token);
    } catch (error) {
      if (onUnavailable === "allow-local" && error instanceof Unavailable) return claims;
      throw error;
    }
  };
}

type Confirmation = (claims: AccessClaims, token: string) => Promise<AccessClaims | undefined>;

const TIERS: Tier[] = ["local", "revocation", "authoritative"];

/** What is asked after the token itself was found good; undefined when nothing is. */
function confirmationOf(options: VerifierOptions): Confirmation | undefined {
  const { denylist, audience } = options;
  const auth = "auth" in options ? options.auth : undefined;
  const tier = options.tier ?? (auth || denylist ? "revocation" : "local");
  if (!TIERS.includes(tier)) throw new TypeError(`There is no tier ${tier}.`);
  if ("denylist" in options && !denylist) throw new TypeError("The denylist is missing: is the KV namespace bound?");
  if (tier === "local") return undefined;
  if (tier === "revocation" && denylist) {
    return async (claims) => ((await ask(() => denylist.get(`sid:${claims.sid}`))) === null ? claims : undefined);
  }
  if (!auth) throw new TypeError(`Tier ${tier} needs a binding to the service, or its denylist.`);
  return async (_, token) => {
    const outcome = await ask(async () => {
      const answer = await auth.verify(token, { tier, audience });
      if (!answer.ok && OUTAGES.includes(answer.code)) throw new Unavailable(answer.code);
      return answer;
    });
    if (outcome.ok) return outcome.value;
    if (outcome.code === "unauthenticated") return undefined;
    throw new Error(`The service does not understand what it is asked: ${outcome.code}.`);
  };
}

const OUTAGES: string[] = ["storage_unavailable", "internal_error", "misconfigured"];

const boundCaches = new WeakMap<object, KeyCache>();
const remoteCaches = new Map<string, KeyCache>();

/** Has issuers over the network asked anew: for tests. */
export const forgetIssuers = () => remoteCaches.clear();

/** One for each service, however many verifiers there are. */
function cacheOf(options: VerifierOptions): KeyCache {
  if ("auth" in options) {
    const { auth } = options;
    if (!auth) throw new TypeError("The binding is missing: is the service bound?");
    const cache = boundCaches.get(auth) ?? createKeyCache(() => issuerBehind(auth));
    boundCaches.set(auth, cache);
    return cache;
  }
  const issuer = parseIssuer(options.issuer);
  const cache = remoteCaches.get(issuer) ?? createKeyCache(() => issuerAt(issuer));
  remoteCaches.set(issuer, cache);
  return cache;
}

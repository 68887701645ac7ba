import type { JWTHeaderParameters } from "jose";
import type { AuthService, Tier } from "../contract/auth-service.ts";
import type { AccessClaims } from "../contract/claims.ts";
import { verifyAccessToken } from "../crypto/access-token.ts";
import { issuerAt, issuerBehind, parseIssuer } from "./issuer.ts";
import { createKeyCache, type KeyCache, type WaitUntil } from "./key-cache.ts";
import { ask, Unavailable } from "./unavailable.ts";

interface CommonOptions {
  /** The audience that the token must have. Default: the audience of the service. */
  audience?: string | undefined;
  /** The KV namespace of the service, if the Worker has a binding to it. */
  denylist?: { get(key: string): Promise<string | null> };
  /**
   * The decision if the token is valid but its session cannot be checked: refuse it (`deny`, the
   * default), or accept it (`allow-local`).
   */
  onUnavailable?: "deny" | "allow-local" | undefined;
  /** Returns the Unix time in milliseconds. */
  now?: (() => number) | undefined;
}

/**
 * Options with a binding to the service. The default tier is `revocation`: it asks the `denylist`
 * if there is one, and otherwise the service.
 */
export interface BoundOptions extends CommonOptions {
  auth: Pick<AuthService, "keys" | "verify">;
  tier?: Tier | undefined;
}

/** Options over the network. The default tier is `revocation` with a `denylist`, else `local`. */
export interface RemoteOptions extends CommonOptions {
  /** The origin of the service. */
  issuer: string;
  tier?: "local" | "revocation" | undefined;
}

export type VerifierOptions = BoundOptions | RemoteOptions;

/**
 * Returns the claims of an access token, or undefined if it is invalid. Throws `Unavailable` if
 * the token cannot be checked now.
 */
export type Verifier = (token: string, waitUntil: WaitUntil | undefined) => Promise<AccessClaims | undefined>;

/**
 * Creates a verifier for one tier. Throws a `TypeError` if the options are invalid: a wrong option
 * must not weaken the check.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const cache = cacheOf(options);
  const confirm = confirmationOf(options);
  const { now = Date.now, onUnavailable = "deny" } = options;
  if (options.audience === "") throw new TypeError("The audience must not be empty.");

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

/** Returns the check that follows the check of the token itself, or undefined for tier `local`. */
function confirmationOf(options: VerifierOptions): Confirmation | undefined {
  const { denylist, audience } = options;
  const auth = "auth" in options ? options.auth : undefined;
  const tier = options.tier ?? (auth || denylist ? "revocation" : "local");
  if (!TIERS.includes(tier)) throw new TypeError(`Unknown tier: ${tier}.`);
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
    throw new Error(`The service rejected the call: ${outcome.code}.`);
  };
}

/** Errors of the service that say nothing about the token. */
const OUTAGES: string[] = ["storage_unavailable", "internal_error", "misconfigured"];

const boundCaches = new WeakMap<object, KeyCache>();
const remoteCaches = new Map<string, KeyCache>();

/** Clears the keys of all issuers over the network. For tests. */
export const forgetIssuers = () => remoteCaches.clear();

/** Returns the key cache of a service. All verifiers of the service share it. */
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

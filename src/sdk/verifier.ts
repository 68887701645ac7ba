import type { JWTHeaderParameters } from "jose";
import type { AuthService } from "../contract/auth-service.ts";
import type { AccessClaims } from "../contract/claims.ts";
import { isApiKey, isOfApiKey, verifyAccessToken } from "../crypto/access-token.ts";
import { issuerAt, issuerBehind, parseOrigin, revocationsBehind } from "./issuer.ts";
import { createKeyCache, type KeyCache, type WaitUntil } from "./key-cache.ts";
import type { BoundOptions, VerifierOptions } from "./options.ts";
import { createRevocationCache, type RevocationCache } from "./revocation-cache.ts";
import { ask, Unavailable } from "./unavailable.ts";

/**
 * Returns the claims of an access token, or undefined if it is invalid. Throws `Unavailable` if
 * the token cannot be checked now. With `apiKeys` it accepts API keys and their tokens.
 */
export type Verifier = (
  token: string,
  waitUntil: WaitUntil | undefined,
  apiKeys: boolean,
) => Promise<AccessClaims | undefined>;

/**
 * Creates a verifier for one tier. `checkOptions` has checked the single options. Throws a
 * `TypeError` if the tier needs another one, or if the issuer is not an https origin.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const cache = cacheOf(options);
  const confirm = confirmationOf(options);
  const { now = Date.now, onUnavailable = "deny" } = options;

  return async (token, waitUntil, apiKeys) => {
    if (isApiKey(token)) return apiKeys && "auth" in options ? askService(options, token, apiKeys) : undefined;
    const at = now();
    const { issuer, audience, typ } = await cache.issuer(at, waitUntil);
    const checks = {
      issuer,
      audience: audienceOf(options) ?? audience,
      typ: "issuer" in options ? options.typ : typ,
      findKey: (header: JWTHeaderParameters) => cache.find(header, at),
    };
    const claims = await verifyAccessToken(checks, token, at);
    if (claims && isOfApiKey(claims) && !apiKeys) return undefined;
    if (!claims || !confirm) return claims;
    try {
      return await confirm(claims, { token, apiKeys, at, waitUntil });
    } catch (error) {
      if (onUnavailable === "allow-local" && error instanceof Unavailable) return claims;
      throw error;
    }
  };
}

const audienceOf = ({ audience, resource }: VerifierOptions) => audience ?? resource;

interface Presented {
  token: string;
  apiKeys: boolean;
  at: number;
  waitUntil: WaitUntil | undefined;
}

type Confirmation = (claims: AccessClaims, presented: Presented) => Promise<AccessClaims | undefined>;

/** Returns the check that follows the check of the token itself, or undefined for tier `local`. */
function confirmationOf(options: VerifierOptions): Confirmation | undefined {
  const { denylist } = options;
  const auth = "auth" in options ? options.auth : undefined;
  const tier = options.tier ?? (auth || denylist ? "revocation" : "local");
  if (tier === "local") return undefined;
  if (tier === "feed") {
    const feed = feedOf(options);
    return async (claims, { at, waitUntil }) => ((await feed.has(claims.sid, at, waitUntil)) ? undefined : claims);
  }
  if (tier === "revocation" && denylist) {
    return async (claims) => ((await ask(() => denylist.get(`sid:${claims.sid}`))) === null ? claims : undefined);
  }
  if (!auth || !("auth" in options))
    throw new TypeError(`Tier ${tier} needs a binding to the service, or its denylist.`);
  return (_, { token, apiKeys }) => askService({ ...options, tier }, token, apiKeys);
}

/** Returns the claims of a token or an API key if the service accepts it. */
async function askService(options: BoundOptions, token: string, apiKeys: boolean): Promise<AccessClaims | undefined> {
  const { auth } = options;
  // An API key itself is always looked up.
  const tier = options.tier === "feed" ? undefined : options.tier;
  const outcome = await ask(async () => {
    const answer = await auth.verify(token, { tier, audience: audienceOf(options), apiKeys });
    if (!answer.ok && OUTAGES.includes(answer.code)) throw new Unavailable(answer.code);
    return answer;
  });
  if (outcome.ok) return outcome.value;
  if (outcome.code === "unauthenticated") return undefined;
  throw new Error(`The service rejected the call: ${outcome.code}.`);
}

/** Errors of the service that say nothing about the token. */
const OUTAGES: string[] = ["storage_unavailable", "database_not_migrated", "internal_error", "misconfigured"];

type Source = { auth: Pick<AuthService, "keys"> } | { issuer: string };

const boundCaches = new WeakMap<object, KeyCache>();
const remoteCaches = new Map<string, KeyCache>();

const boundFeeds = new WeakMap<object, RevocationCache>();

/** Clears the keys of all issuers over the network. For tests. */
export const forgetIssuers = () => remoteCaches.clear();

/** Returns the key cache of a service. All verifiers of the service share it. */
export function cacheOf(options: Source): KeyCache {
  if ("auth" in options) {
    const { auth } = options;
    const cache = boundCaches.get(auth) ?? createKeyCache(() => issuerBehind(auth));
    boundCaches.set(auth, cache);
    return cache;
  }
  const issuer = parseOrigin(options.issuer);
  const cache = remoteCaches.get(issuer) ?? createKeyCache(() => issuerAt(issuer));
  remoteCaches.set(issuer, cache);
  return cache;
}

/** Returns the ended sessions of a service. All verifiers of the service share them. */
function feedOf(options: VerifierOptions): RevocationCache {
  if (!("auth" in options && options.auth.revocations))
    throw new TypeError("Tier feed needs a binding to the service.");
  const { auth } = options;
  const feed = boundFeeds.get(auth) ?? createRevocationCache((since) => revocationsBehind(auth, since));
  boundFeeds.set(auth, feed);
  return feed;
}

/**
 * Verification of API keys, for the exchange, service bindings and introspection: one read. The use
 * of a key is recorded after the answer. A key may do what its scopes say, and nothing else: its
 * claims have no roles and no sign-in.
 */
import type { AccessClaims } from "../contract/claims.ts";
import { FIRST_PARTY_CLIENT_ID, idInSid, sidOfApiKey } from "../crypto/access-token.ts";
import { digestOfApiKey, idOfApiKey } from "../crypto/api-key.ts";
import { unattendedClaims } from "../crypto/unattended-token.ts";
import type { Deps } from "../deps.ts";
import { logError } from "../log.ts";
import { type Err, err } from "../result.ts";
import {
  type ApiKeyCondition,
  apiKeyStatement,
  type FoundApiKey,
  hasApiKeyId,
  isApiKey,
  type PresentedApiKey,
  recordApiKeyUse,
  USE_MILLISECONDS,
} from "../storage/api-keys.ts";
import { storageErrorOf } from "../storage/db.ts";
import { keepScopes } from "../storage/oauth-clients.ts";
import { API_KEY_TOKEN_SECONDS } from "../storage/session-revocation.ts";

/** Returns the error of acts on keys unless `API_KEYS` is on. Errors: `not_found`. */
export const refuseApiKeys = ({ config }: Deps): Err | undefined =>
  config.API_KEYS === "on" ? undefined : { ...err("not_found"), detail: "`API_KEYS` is not on." };

/** Returns how to look a key up, or undefined for any other text, and unless `API_KEYS` is on. */
export function presentedApiKey({ config }: Deps, text: string): PresentedApiKey | undefined {
  const id = config.API_KEYS === "on" ? idOfApiKey(text) : undefined;
  return id === undefined ? undefined : { id, digests: config.PEPPER.map((pepper) => digestOfApiKey(pepper, text)) };
}

/**
 * Verifies a key and returns its claims for this audience. Undefined if it is not valid, or belongs
 * to a client that is not the operator's and the audience is the service: such clients get no token
 * for it either.
 */
export async function verifyApiKey(deps: Deps, text: string, audience: string): Promise<AccessClaims | undefined> {
  const presented = presentedApiKey(deps, text);
  const found = presented && (await findApiKey(deps, isApiKey(presented)));
  if (!found || (found.isFirstParty === false && audience === deps.tokens.audience)) return undefined;
  recordUse(deps, found, presented);
  return claimsOfApiKey(deps, found, audience);
}

/** Tests whether the key of a token still exists and its owner may act. */
export const isActiveApiKey = async (deps: Deps, claims: AccessClaims): Promise<boolean> =>
  (await findApiKey(deps, hasApiKeyId(idInSid(claims)))) !== undefined;

async function findApiKey({ db, config, now }: Deps, where: ApiKeyCondition): Promise<FoundApiKey | undefined> {
  const [found] = await apiKeyStatement(db, where, { mustBeVerified: config.REQUIRE_VERIFICATION }, now());
  return found;
}

/**
 * Records the use of a key after the answer; if it fails, the next use is recorded. A digest under
 * an older pepper is replaced.
 */
export function recordUse(deps: Deps, { lastUsedAt, ...key }: FoundApiKey, { digests }: PresentedApiKey) {
  const [digest = key.digest] = digests;
  const isRecent = lastUsedAt !== null && deps.now() - lastUsedAt < USE_MILLISECONDS;
  if (!isRecent || digest !== key.digest) deps.waitUntil(write(deps, { id: key.id, digest }));
}

async function write({ db, now }: Deps, key: { id: string; digest: string }): Promise<void> {
  try {
    await recordApiKeyUse(db, key, now());
  } catch (error) {
    logError("api_key_use_not_recorded", storageErrorOf(error as Error) ?? (error as Error));
  }
}

/** Returns the scopes of a key that exist and that its client may still have. */
function scopeOf({ config }: Deps, { scopes, clientScopes }: FoundApiKey): string {
  const known = config.OAUTH_SCOPES.map(({ name }) => name);
  return keepScopes(scopes.filter((scope) => known.includes(scope)).join(" "), clientScopes);
}

/** Returns the claims of a key. They end with the key, and after 15 minutes at the latest. */
export function claimsOfApiKey(deps: Deps, found: FoundApiKey, audience: string): AccessClaims {
  const { id, userId, clientId, expiresAt, emailVerifiedAt } = found;
  const { tokens, now } = deps;
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : Math.ceil((expiresAt - now()) / 1000);
  const claims = {
    sub: userId ?? clientId ?? "",
    sid: sidOfApiKey(id),
    client_id: clientId ?? FIRST_PARTY_CLIENT_ID,
    scope: scopeOf(deps, found),
    audience,
    emailVerified: emailVerifiedAt !== null,
    ttl: Math.min(tokens.accessTokenTtlSeconds, API_KEY_TOKEN_SECONDS, left),
  };
  return unattendedClaims(tokens, claims, now());
}

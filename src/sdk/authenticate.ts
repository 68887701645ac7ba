import type { AccessClaims } from "../contract/claims.ts";
import { isOfApiKey } from "../crypto/access-token.ts";
import type { WaitUntil } from "./key-cache.ts";
import { type AuthOptions, checkOptions } from "./options.ts";
import {
  insufficientUserAuthentication,
  invalidToken,
  missingRole,
  missingScope,
  missingToken,
  type Refusal,
  unavailable,
} from "./refusal.ts";
import { Unavailable } from "./unavailable.ts";
import { createVerifier } from "./verifier.ts";

export type Authentication = { ok: true; claims: AccessClaims } | Refusal;

/**
 * Checks the access token in the `Authorization` header of a request and returns its claims.
 *
 * A refusal has the response to send. With the `ctx` of a Worker, keys are renewed after the
 * response instead of before it. Rejects with a `TypeError` if the options are invalid, whatever
 * the request.
 */
export async function authenticate(
  request: { headers: Headers },
  options: AuthOptions,
  ctx?: { waitUntil(work: Promise<unknown>): void },
): Promise<Authentication> {
  return createAuthenticator(options)(request, ctx && ((work) => ctx.waitUntil(work)));
}

/** Creates `authenticate` for many requests. Throws a `TypeError` if the options are invalid. */
export function createAuthenticator(options: AuthOptions) {
  checkOptions(options);
  const verify = createVerifier(options);
  const { roles = [], apiKeys = [], acr, maxAuthAge, now = Date.now } = options;

  return async (request: { headers: Headers }, waitUntil: WaitUntil | undefined): Promise<Authentication> => {
    const [, token] = BEARER.exec(request.headers.get("authorization") ?? "") ?? [];
    const scopes = [...new Set([...(checkedScopes.get(request) ?? []), ...(options.scopes ?? [])])];
    const required = scopes.length > 0 ? { ...options, scopes } : options;
    if (token === undefined) return missingToken(required);
    const claims = await verify(token, waitUntil, scopes.length + apiKeys.length > 0).catch(unlessUnavailable);
    if (claims === "unavailable") return unavailable();
    if (!claims) return invalidToken(required);
    const granted = claims.scope?.split(" ") ?? [];
    const needed = isOfApiKey(claims) ? [...scopes, ...apiKeys] : scopes;
    if (!needed.every((scope) => granted.includes(scope))) return missingScope({ ...required, scopes: needed });
    if (!roles.every((role) => claims.roles.includes(role))) return missingRole(required);
    const isOld = maxAuthAge !== undefined && now() / 1000 - claims.auth_time > maxAuthAge;
    if (isOld || (acr !== undefined && claims.acr !== acr)) return insufficientUserAuthentication(required);
    checkedScopes.set(request, scopes);
    return { ok: true, claims };
  };
}

/**
 * The scopes that earlier checks of a request required. A client that lacks one gets a token for
 * those of the last challenge only, so each challenge names them all.
 */
const checkedScopes = new WeakMap<object, string[]>();

/** Only the header counts (RFC 6750 §2.1). The token check rejects malformed tokens. */
const BEARER = /^Bearer +(\S.*)$/i;

function unlessUnavailable(error: unknown) {
  if (error instanceof Unavailable) return "unavailable" as const;
  throw error;
}

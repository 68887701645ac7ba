import type { AccessClaims } from "../contract/claims.ts";
import type { WaitUntil } from "./key-cache.ts";
import { type AuthOptions, checkOptions } from "./options.ts";
import {
  insufficientUserAuthentication,
  invalidToken,
  missingRole,
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
  const { roles = [], acr, maxAuthAge, now = Date.now } = options;

  return async (request: { headers: Headers }, waitUntil: WaitUntil | undefined): Promise<Authentication> => {
    const [, token] = BEARER.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined) return missingToken();
    const claims = await verify(token, waitUntil).catch(unlessUnavailable);
    if (claims === "unavailable") return unavailable();
    if (!claims) return invalidToken();
    if (!roles.every((role) => claims.roles.includes(role))) return missingRole();
    const isOld = maxAuthAge !== undefined && now() / 1000 - claims.auth_time > maxAuthAge;
    if (isOld || (acr !== undefined && claims.acr !== acr)) return insufficientUserAuthentication(options);
    return { ok: true, claims };
  };
}

/** Only the header counts (RFC 6750 §2.1). The token check rejects malformed tokens. */
const BEARER = /^Bearer +(\S.*)$/i;

function unlessUnavailable(error: unknown) {
  if (error instanceof Unavailable) return "unavailable" as const;
  throw error;
}

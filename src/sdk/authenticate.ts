import type { AccessClaims } from "../crypto/access-token.ts";
import type { WaitUntil } from "./key-cache.ts";
import {
  insufficientUserAuthentication,
  invalidToken,
  missingRole,
  missingToken,
  type Refusal,
  unavailable,
} from "./refusal.ts";
import { Unavailable } from "./unavailable.ts";
import { type BoundOptions, createVerifier, type RemoteOptions } from "./verifier.ts";

interface Requirements {
  /** The user has to have every one of them. */
  roles?: string[] | undefined;
  /** How long ago the password may have been given, in seconds (RFC 9470). */
  maxAuthAge?: number | undefined;
}

export type AuthOptions = (BoundOptions | RemoteOptions) & Requirements;

export type Authentication = { ok: true; claims: AccessClaims } | Refusal;

/** Who sends a request, by the access token in its `Authorization` header. A refusal bears the response to give. With a
 *  Worker's `ctx`, keys are renewed after answers instead of before them. Rejects with a TypeError when something is amiss
 *  with the options, whatever the request. */
export async function authenticate(
  request: { headers: Headers },
  options: AuthOptions,
  ctx?: { waitUntil(work: Promise<unknown>): void },
): Promise<Authentication> {
  return createAuthenticator(options)(request, ctx && ((work) => ctx.waitUntil(work)));
}

/** The same for many requests. */
export function createAuthenticator(options: AuthOptions) {
  const verify = createVerifier(options);
  const { roles = [], maxAuthAge, now = Date.now } = options;
  if (maxAuthAge !== undefined && !(maxAuthAge >= 0)) throw new TypeError("maxAuthAge has to be a number of seconds.");

  return async (request: { headers: Headers }, waitUntil: WaitUntil | undefined): Promise<Authentication> => {
    const [, token] = BEARER.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined) return missingToken();
    const claims = await verify(token, waitUntil).catch(unlessUnavailable);
    if (claims === "unavailable") return unavailable();
    if (!claims) return invalidToken();
    if (!roles.every((role) => claims.roles.includes(role))) return missingRole();
    if (maxAuthAge !== undefined && now() / 1000 - claims.auth_time > maxAuthAge)
      return insufficientUserAuthentication(maxAuthAge);
    return { ok: true, claims };
  };
}

/** The header alone (RFC 6750 §2.1). What is no token is found out where tokens are. */
const BEARER = /^Bearer +(\S.*)$/i;

function unlessUnavailable(error: unknown) {
  if (error instanceof Unavailable) return "unavailable" as const;
  throw error;
}

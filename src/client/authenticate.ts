import type { AccessClaims } from "../crypto/tokens.ts";
import { badToken, missingRole, nobodyTells, noToken, type Refusal, staleLogin } from "./refusal.ts";
import { Unavailable } from "./unavailable.ts";
import { type BoundOptions, createVerifier, type RemoteOptions, type Verifier } from "./verifier.ts";

interface Requirements {
  /** The user has to have every one of them. */
  roles?: string[];
  /** How long ago the password may have been given, in seconds (RFC 9470). */
  maxAuthAge?: number;
}

export type AuthOptions = (BoundOptions | RemoteOptions) & Requirements;

export type Authentication = { ok: true; claims: AccessClaims } | Refusal;

/** Who sends a request, by the access token in its `Authorization` header. A refusal bears the response to give. `waitUntil`
 *  is the Worker's own: keys are now and then fetched anew after the answer. Rejects with a TypeError when the options cannot be
 *  met, whatever the request. */
export async function authenticate(
  request: { headers: Headers },
  options: AuthOptions & { waitUntil?: (work: Promise<unknown>) => void },
): Promise<Authentication> {
  return createAuthenticator(options)(request, options.waitUntil ?? ignore);
}

const ignore = () => {};

/** The same for many requests. */
export function createAuthenticator(options: AuthOptions) {
  const verify = createVerifier(options);
  const { roles = [], maxAuthAge = Number.POSITIVE_INFINITY, now = Date.now } = options;

  return async (request: { headers: Headers }, behind: Parameters<Verifier>[1]): Promise<Authentication> => {
    const [, token] = BEARER.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined) return noToken();
    const claims = await verify(token, behind).catch(unlessUnavailable);
    if (claims === "unavailable") return nobodyTells();
    if (!claims) return badToken();
    if (!roles.every((role) => claims.roles.includes(role))) return missingRole();
    if (now() / 1000 - claims.auth_time > maxAuthAge) return staleLogin(maxAuthAge);
    return { ok: true, claims };
  };
}

/** The header alone (RFC 6750 §2.1). What is no token is found out where tokens are. */
const BEARER = /^Bearer +(\S.*)$/i;

function unlessUnavailable(error: unknown) {
  if (error instanceof Unavailable) return "unavailable" as const;
  throw error;
}

/**
 * Verification of access tokens (JWTs, RFC 9068).
 *
 * The service and the SDK verify tokens with this code. It checks the signature and the claims; it
 * does not check sessions. `tokens.ts` issues the tokens.
 */
import { type CryptoKey, type JWTHeaderParameters, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { JOSEError, JWKSNoMatchingKey } from "jose/errors";
import type { AccessClaims, AccessTokenType } from "../contract/claims.ts";
import { SIGNING_ALGORITHMS } from "./keys.ts";

/** The key source and the expected claims of access tokens. */
export interface TokenChecks {
  issuer: string;
  audience: string;
  /** The `typ` of the header. Default: `at+jwt`. */
  typ?: AccessTokenType | undefined;
  /**
   * Finds the issuer's key for a token header. Exceptions propagate: a failed lookup does not make
   * the token invalid.
   */
  findKey(header: JWTHeaderParameters): CryptoKey | undefined | Promise<CryptoKey | undefined>;
}

/**
 * The values of `ACCESS_TOKEN_TYPE`, the default first. `JWT` does not distinguish access tokens
 * from other JWTs. That is safe because these keys sign nothing else.
 */
export const ACCESS_TOKEN_TYPES = ["at+jwt", "JWT"] as const satisfies AccessTokenType[];
export const [DEFAULT_ACCESS_TOKEN_TYPE] = ACCESS_TOKEN_TYPES;
const MAX_TOKEN_LENGTH = 4096;
const MAX_CLOCK_SKEW_SECONDS = 60;

/** The client id of first-party sign-ins: RFC 9068 §2.2 requires one. */
export const FIRST_PARTY_CLIENT_ID = "gatehouse";

/**
 * Tests whether a token is for a client itself, not for a user (RFC 9068 §2.2). Ids of clients and
 * of users are random, so none is both.
 */
export const isOfClient = ({ sub, client_id }: Pick<AccessClaims, "sub" | "client_id">): boolean => sub === client_id;

/** The `sid` of the tokens of a client itself. The denylist has it after the client is deleted. */
export const sidOfClient = (clientId: string): string => `client:${clientId}`;

const API_KEY_SID = "key:";

/** The `sid` of the tokens of an API key. The denylist has it after the key is revoked. */
export const sidOfApiKey = (id: string): string => `${API_KEY_SID}${id}`;

/** Tests whether a token stands for an API key, so that its scopes alone say what it may do. */
export const isOfApiKey = ({ sid }: Pick<AccessClaims, "sid">): boolean => sid.startsWith(API_KEY_SID);

/** Tests whether a text has the form of an API key, not of a token. `api-key.ts` also checks it. */
export const isApiKey = (text: string): boolean => /^gh_[\dA-Za-z]{16}_/.test(text);

/** Returns the id of the API key that a token stands for. */
export const idInSid = ({ sid }: Pick<AccessClaims, "sid">): string => sid.slice(API_KEY_SID.length);

interface ExpiryOptions {
  /** Accepts an expired token, so that a user can sign out after it has expired. */
  allowExpired?: boolean;
}

/**
 * Verifies an access token and returns its claims. Returns undefined unless this service issued it
 * for this audience and it has not expired. Does not check that the session is still active.
 */
export async function verifyAccessToken(
  { findKey, issuer, audience, typ = DEFAULT_ACCESS_TOKEN_TYPE }: TokenChecks,
  token: string,
  now: number,
  { allowExpired = false }: ExpiryOptions = {},
): Promise<AccessClaims | undefined> {
  const payload = await verifyJwt(findKey, token, {
    typ,
    audience,
    issuer,
    currentDate: new Date(now),
    clockTolerance: allowExpired ? Number.MAX_SAFE_INTEGER : 0,
  });
  return payload?.aud === audience && hasRequiredClaims(payload, now) ? withDefaults(payload) : undefined;
}

/**
 * Verifies a JWT of this service with these checks and returns its claims. Returns undefined if a
 * check fails.
 */
export async function verifyJwt(
  findKey: TokenChecks["findKey"],
  token: string,
  checks: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;

  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const key = await findKey(header);
        if (!key) throw new JWKSNoMatchingKey();
        return key;
      },
      { ...checks, algorithms: [...SIGNING_ALGORITHMS] },
    );
    return payload;
  } catch (error) {
    if (error instanceof JOSEError) return undefined;
    throw error;
  }
}

/** Adds to jose's checks: `exp` is required, `sub` is not empty, `iat` is not in the future. */
function hasRequiredClaims({ exp, iat, sub, sid, jti, auth_time }: JWTPayload, now: number): boolean {
  return (
    [sub, sid, jti].every((claim) => typeof claim === "string" && claim !== "") &&
    typeof exp === "number" &&
    typeof auth_time === "number" &&
    typeof iat === "number" &&
    iat <= toSeconds(now) + MAX_CLOCK_SKEW_SECONDS
  );
}

/** Adds claims that older tokens, issued before the claims existed, do not have. */
const withDefaults = (payload: JWTPayload): AccessClaims =>
  ({ roles: [], acr: "aal1", client_id: FIRST_PARTY_CLIENT_ID, ...payload }) as unknown as AccessClaims;

const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

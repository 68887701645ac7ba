import { type CryptoKey, errors, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { type Keys, SIGNING_ALGORITHMS } from "./keys.ts";

/** What tokens are checked with. */
export interface TokenChecks {
  issuer: string;
  audience: string;
  /** The issuer's key that a header names. What this throws goes through, so that it is not taken for a bad token. */
  findKey(header: JWTHeaderParameters): CryptoKey | undefined | Promise<CryptoKey | undefined>;
}

/** What tokens are made and checked with. */
export interface TokenSettings extends TokenChecks {
  keys: Keys;
  accessTokenTtlSeconds: number;
}

interface Subject {
  id: string;
  emailVerifiedAt: number | null;
  roles: string[];
}

interface Session {
  id: string;
  generation: number;
  /** Times are Unix milliseconds. */
  createdAt: number;
  expiresAt: number;
}

/** The claims of an access token (RFC 9068 §2.2). It names nobody: no mail, phone or name is in it. */
export interface AccessClaims {
  iss: string;
  aud: string;
  sub: string;
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  /** When the password was given, unlike `iat`, which moves at each refresh. */
  auth_time: number;
  /** RFC 8176 names of what the user proved. */
  amr: string[];
  email_verified: boolean;
  /** What administrators let the user do (RFC 9068 §2.2.3.1). */
  roles: string[];
}

/** The claims of a refresh token: which session, and which turn of it. */
export interface RefreshClaims {
  iss: string;
  /** The one endpoint that takes it, so that no resource server mistakes it for an access token. */
  aud: string;
  sub: string;
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  gen: number;
}

const ACCESS_TOKEN_TYPE = "at+jwt";
const REFRESH_TOKEN_TYPE = "rt+jwt";
const MAX_TOKEN_LENGTH = 4096;
const MAX_CLOCK_SKEW_SECONDS = 60;

/** The token pair of a session, as it goes over the wire (RFC 6749 §5.1); lifetimes in seconds. */
export async function issueTokens(settings: TokenSettings, user: Subject, session: Session, now: number) {
  const iat = toSeconds(now);
  const sessionEnd = toSeconds(session.expiresAt);
  const exp = Math.min(iat + settings.accessTokenTtlSeconds, sessionEnd);
  const common = { iss: settings.issuer, sub: user.id, sid: session.id, iat };

  const access = {
    ...common,
    aud: settings.audience,
    jti: crypto.randomUUID(),
    exp,
    auth_time: toSeconds(session.createdAt),
    amr: ["pwd"],
    email_verified: user.emailVerifiedAt !== null,
    roles: user.roles,
  } satisfies AccessClaims;
  const refresh = {
    ...common,
    aud: refreshAudience(settings),
    jti: crypto.randomUUID(),
    exp: sessionEnd,
    gen: session.generation,
  } satisfies RefreshClaims;

  return {
    access_token: await sign(settings.keys, ACCESS_TOKEN_TYPE, access),
    token_type: "bearer" as const,
    expires_in: exp - iat,
    refresh_token: await sign(settings.keys, REFRESH_TOKEN_TYPE, refresh),
    refresh_expires_in: sessionEnd - iat,
  };
}

interface VerifyOptions {
  /** Lets a token pass whose time is up: to end a session, it need not be fresh. */
  allowExpired?: boolean;
}

/** The claims of an access token that this service issued, that is meant for this audience and has not expired; undefined
 *  otherwise. Whether its session still lives is not known here. */
export async function verifyAccessToken(
  settings: TokenChecks,
  token: string,
  now: number,
  options: VerifyOptions = {},
) {
  const expected = { typ: ACCESS_TOKEN_TYPE, audience: settings.audience, ...options };
  const claims = await verify(settings, token, now, expected);
  // A token from before there were roles has none.
  return claims && isAccessClaims(claims) ? { ...claims, roles: claims.roles ?? [] } : undefined;
}

/** The claims of a refresh token that this service issued and that has not expired; undefined otherwise. Whether it is
 *  the current one of a living session is not known here. */
export async function verifyRefreshToken(
  settings: TokenChecks,
  token: string,
  now: number,
  options: VerifyOptions = {},
) {
  const expected = { typ: REFRESH_TOKEN_TYPE, audience: refreshAudience(settings), ...options };
  const claims = await verify(settings, token, now, expected);
  return claims && isRefreshClaims(claims) ? claims : undefined;
}

interface Expected extends VerifyOptions {
  typ: string;
  audience: string;
}

async function verify({ findKey, issuer }: TokenChecks, token: string, now: number, expected: Expected) {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;

  const { allowExpired = false, ...rest } = expected;
  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const key = await findKey(header);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        ...rest,
        issuer,
        currentDate: new Date(now),
        clockTolerance: allowExpired ? Number.MAX_SAFE_INTEGER : 0,
        algorithms: [...SIGNING_ALGORITHMS],
      },
    );
    return payload.aud === expected.audience && hasCommonClaims(payload, now) ? payload : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** What jose lets pass: a missing exp, an empty sub, an issue date in the future. */
function hasCommonClaims({ exp, iat, sub, sid, jti }: JWTPayload, now: number): boolean {
  return (
    [sub, sid, jti].every((claim) => typeof claim === "string" && claim !== "") &&
    typeof exp === "number" &&
    typeof iat === "number" &&
    iat <= toSeconds(now) + MAX_CLOCK_SKEW_SECONDS
  );
}

const isAccessClaims = (claims: object): claims is Omit<AccessClaims, "roles"> & { roles?: string[] } =>
  "auth_time" in claims && typeof claims.auth_time === "number";

const isRefreshClaims = (claims: object): claims is RefreshClaims =>
  "gen" in claims && Number.isSafeInteger(claims.gen);

const refreshAudience = ({ issuer }: TokenChecks) => `${issuer}/auth/refresh`;

function sign({ signing }: Keys, typ: string, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: signing.alg, kid: signing.kid, typ }).sign(signing.privateKey);
}

const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

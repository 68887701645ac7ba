import { decodeProtectedHeader, importJWK, type JWTPayload, jwtVerify } from "jose";
import { JOSEError } from "jose/errors";
import { ok, type Result } from "../result.ts";
import { findProviderKey } from "./keys.ts";
import { isIssClaim, isKeyFor, type Metadata } from "./metadata.ts";
import { refused } from "./outbound.ts";
import type { IdentityProvider, ProviderDeps } from "./provider.ts";

/** Asymmetric only. With HS256, everyone who knows the secret, or a public key, could sign. */
const ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

const MAX_CLOCK_SKEW_SECONDS = 60;
/** An id_token is redeemed when it is issued. Microsoft dates it back five minutes. */
const MAX_AGE_SECONDS = 3600;

/** OpenID Connect Core 1.0 §2: at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

export type IdTokenClaims = JWTPayload & {
  iss: string;
  sub: string;
  /** When the user signed in. Unix seconds. */
  auth_time?: number;
};

interface Received {
  idToken: string;
  accessToken: string;
  /** The nonce of the authorization request. */
  nonce: string;
}

/**
 * Verifies an id_token (OpenID Connect Core 1.0 §3.1.3.7) and returns its claims.
 *
 * Errors: `provider_unavailable` if the keys cannot be loaded, `provider_refused` if a check fails.
 */
export async function verifyIdToken(
  deps: ProviderDeps,
  provider: IdentityProvider,
  metadata: Metadata,
  { idToken, accessToken, nonce }: Received,
): Promise<Result<IdTokenClaims>> {
  try {
    const header = decodeProtectedHeader(idToken);
    const jwk = await findProviderKey(deps, provider, metadata.jwks_uri, header);
    if (!jwk.ok) return jwk;
    if (!jwk.value) return refused(provider, "id_token", "key");

    const key = await importJWK(jwk.value, header.alg);
    const { payload } = await jwtVerify(idToken, key, {
      algorithms: ALGORITHMS,
      audience: provider.clientId,
      requiredClaims: ["exp"],
      // Also requires `iat`, and refuses one in the future.
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: MAX_CLOCK_SKEW_SECONDS,
      currentDate: new Date(deps.now()),
    });

    const checks = {
      iss: isIssClaim(provider, metadata, payload) && isKeyFor(jwk.value.issuer, payload),
      sub: typeof payload.sub === "string" && SUBJECT.test(payload.sub),
      // Among several audiences, `azp` says which one asked.
      azp: payload["azp"] === provider.clientId || (payload["azp"] === undefined && !isShared(payload.aud)),
      nonce: payload["nonce"] === nonce,
      at_hash: payload["at_hash"] === undefined || payload["at_hash"] === (await hashOf(accessToken, header.alg)),
      auth_time: payload["auth_time"] === undefined || isPast(payload["auth_time"], deps.now()),
    };
    const failed = Object.entries(checks).find(([, passed]) => !passed);
    return failed ? refused(provider, "id_token", failed[0]) : ok(payload as IdTokenClaims);
  } catch (error) {
    // jose throws a TypeError for a token or a key that it cannot read.
    const { name, claim } = error as Error & { claim?: string };
    return refused(provider, "id_token", error instanceof JOSEError ? (claim ?? error.code) : name);
  }
}

/** A JSON number of seconds (OpenID Connect Core 1.0 §2). Nobody has signed in later than now. */
const isPast = (seconds: unknown, now: number) =>
  typeof seconds === "number" && seconds >= 0 && seconds <= now / 1000 + MAX_CLOCK_SKEW_SECONDS;

const isShared = (aud: JWTPayload["aud"]) => Array.isArray(aud) && aud.length > 1;

/** The left half of the hash that the algorithm uses (OpenID Connect Core 1.0 §3.1.3.6). */
async function hashOf(accessToken: string, alg = ""): Promise<string> {
  const name = `SHA-${/^[RPE]S(\d+)$/.exec(alg)?.[1] ?? 512}`;
  const hash = Buffer.from(await crypto.subtle.digest(name, Buffer.from(accessToken)));
  return hash.subarray(0, hash.length / 2).toString("base64url");
}

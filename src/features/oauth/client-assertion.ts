/**
 * Clients that authenticate by a JWT which they sign (`private_key_jwt`, RFC 7523 §2.2 and §3).
 *
 * The signature is verified here. Storage spends the assertion in the act that it is for, so that
 * nobody can use it again, and an act that is refused for another reason spends it too.
 */
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify } from "jose";
import type { ClientJwk } from "../../contract/oauth-client.ts";
import { sha256 } from "../../crypto/sha256.ts";
import type { Deps } from "../../deps.ts";
import { findClient, type PresentedClient } from "../../storage/oauth-clients.ts";

export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Asymmetric only. With HS256, everyone who knows the public key could sign. */
export const ASSERTION_ALGORITHMS = ["ES256", "EdDSA", "RS256", "PS256"];

/**
 * How far `exp` may be ahead, as some libraries set it. Used assertions are stored for that long.
 */
const MAX_TTL_SECONDS = 3600;
const MAX_CLOCK_SKEW_SECONDS = 30;
const MAX_JTI_LENGTH = 200;

/** Verifies an assertion. Returns undefined if it is not one of the client that it names. */
export async function assertedClient(deps: Deps, assertion: string): Promise<PresentedClient | undefined> {
  const id = readWith(() => decodeJwt(assertion).sub);
  const header = readWith(() => decodeProtectedHeader(assertion));
  const client = id && header ? await findClient(deps.db, id) : undefined;
  if (client?.authMethod !== "private_key_jwt") return undefined;
  const { kid, alg } = header ?? {};
  const keys = client.jwks?.keys.filter(
    (key) => (kid === undefined || key.kid === kid) && (key.alg === undefined || key.alg === alg),
  );
  for (const key of keys ?? []) {
    const claims = await verify(deps, { assertion, key, id: client.id });
    if (claims) return { id: client.id, assertion: useOf(client.id, claims) };
  }
  return undefined;
}

interface Claims {
  jti: string;
  exp: number;
}

/** Verifies an assertion with one key (RFC 7523 §3). */
async function verify(
  { config, now }: Deps,
  { assertion, key, id }: { assertion: string; key: ClientJwk; id: string },
): Promise<Claims | undefined> {
  const currentDate = new Date(now());
  let payload: JWTPayload;
  try {
    const alg = decodeProtectedHeader(assertion).alg ?? "";
    ({ payload } = await jwtVerify(assertion, await importJWK({ ...key, key_ops: ["verify"] } as JWK, alg), {
      algorithms: ASSERTION_ALGORITHMS,
      issuer: id,
      subject: id,
      requiredClaims: ["aud", "exp", "jti"],
      clockTolerance: MAX_CLOCK_SKEW_SECONDS,
      currentDate,
    }));
  } catch {
    // A wrong signature or claim, or a key of another kind.
    return undefined;
  }
  const { aud = [], exp = 0, jti } = payload;
  // An assertion that is for another server too could come from there.
  const audiences = [config.ISSUER, `${config.ISSUER}/oauth/token`];
  const isForUs = [aud].flat().every((each) => audiences.includes(each)) && aud.length > 0;
  const latest = currentDate.getTime() / 1000 + MAX_TTL_SECONDS + MAX_CLOCK_SKEW_SECONDS;
  const isJti = typeof jti === "string" && jti !== "" && jti.length <= MAX_JTI_LENGTH;
  return isForUs && isJti && exp <= latest ? { jti, exp } : undefined;
}

/** One use of an assertion. Clients choose `jti`, so each has its own. */
const useOf = (clientId: string, { jti, exp }: Claims) => ({
  id: `assertion ${sha256(JSON.stringify([clientId, jti])).toString("base64url")}`,
  usedBy: crypto.randomUUID(),
  expiresAt: (exp + MAX_CLOCK_SKEW_SECONDS) * 1000,
});

function readWith<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

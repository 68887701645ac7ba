/**
 * The keys that sign and verify access tokens (JWK, RFC 7517).
 *
 * Importing checks that each key fits its algorithm and is long enough. This module does not store,
 * generate or rotate keys; see `scripts/keys.ts`.
 */
import {
  CompactSign,
  type CryptoKey,
  compactVerify,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTHeaderParameters,
} from "jose";

export const SIGNING_ALGORITHMS = ["ES256", "EdDSA", "RS256"] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A private or public JSON Web Key (RFC 7517) with its key id and algorithm. */
export type SigningJwk = JWK & {
  kid: string;
  alg: SigningAlgorithm;
  /** When the key was created, in Unix seconds (OpenID Federation 1.0, historical keys). */
  iat?: number;
};

export interface VerifyingKey {
  kid: string;
  alg: SigningAlgorithm;
  publicKey: CryptoKey;
}

/**
 * The first key signs, all keys verify. To rotate, put the new key first, and remove an old key
 * when the tokens that it signed have expired.
 */
export interface Keys {
  signing: { kid: string; alg: SigningAlgorithm; privateKey: CryptoKey };
  verifying: VerifyingKey[];
  /** The public keys, as `/.well-known/jwks.json` publishes them. */
  jwks: JSONWebKeySet;
}

/** The members of a public key (RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2), and its creation time. */
const PUBLIC_MEMBERS = ["kty", "crv", "x", "y", "n", "e", "kid", "alg", "iat"] as const;

/** RFC 7518 §3.3. */
const MIN_RSA_BITS = 2048;
const PROBE = new Uint8Array(1);

/**
 * Imports a key set whose first key is private. Throws if a key does not fit its `alg` or is too
 * short, or if the private and public parts of the first key do not match.
 */
export async function importKeys(jwks: [SigningJwk, ...SigningJwk[]]): Promise<Keys> {
  const [{ kid, alg }] = jwks;
  const publicJwks = jwks.map(publicHalf);
  const privateKey = await importKey(jwks[0]);
  const verifying = await importPublicKeys(publicJwks);
  const probe = await new CompactSign(PROBE).setProtectedHeader({ alg }).sign(privateKey);
  await compactVerify(probe, verifying[0]!.publicKey);
  return { signing: { kid, alg, privateKey }, verifying, jwks: { keys: publicJwks } };
}

/** Imports public keys. Throws if a key does not fit its `alg` or is too short. */
export const importPublicKeys = (jwks: SigningJwk[]): Promise<VerifyingKey[]> =>
  Promise.all(jwks.map(async (jwk) => ({ kid: jwk.kid, alg: jwk.alg, publicKey: await importKey(jwk) })));

/**
 * Finds the key with the `kid` and `alg` of a token's header. Matching `alg` prevents algorithm
 * confusion. Keys in the header itself (`jwk`, `jku`, `x5u`) are ignored: an attacker chooses them.
 */
export function findKey(keys: VerifyingKey[], { kid, alg }: JWTHeaderParameters): CryptoKey | undefined {
  return keys.find((key) => key.kid === kid && key.alg === alg)?.publicKey;
}

/** Returns the public part of a key. */
export function publicHalf(jwk: SigningJwk): SigningJwk {
  const members = PUBLIC_MEMBERS.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]]));
  return { ...Object.fromEntries(members), use: "sig" };
}

async function importKey(jwk: SigningJwk): Promise<CryptoKey> {
  const key = await importJWK(jwk, jwk.alg);
  if (key instanceof Uint8Array) throw new TypeError("a symmetric key cannot sign tokens");
  const { modulusLength = MIN_RSA_BITS } = key.algorithm as { modulusLength?: number };
  if (modulusLength < MIN_RSA_BITS) throw new TypeError("the RSA key is too short");
  return key;
}

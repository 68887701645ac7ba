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
  /** When the key begins to sign, in Unix seconds. Default: 0. It verifies before that. */
  nbf?: number;
};

export interface VerifyingKey {
  kid: string;
  alg: SigningAlgorithm;
  publicKey: CryptoKey;
}

export interface SigningKey {
  kid: string;
  alg: SigningAlgorithm;
  /** Unix time in seconds. */
  nbf: number;
  privateKey: CryptoKey;
}

/**
 * One of the private keys signs, and all keys verify. To rotate, add a private key with an `nbf`
 * that leaves verifiers time to load it. Remove a key when the tokens that it signed have expired.
 */
export interface Keys {
  /** The private keys, the latest `nbf` first. */
  signing: [SigningKey, ...SigningKey[]];
  verifying: VerifyingKey[];
  /** The public keys, as `/.well-known/jwks.json` publishes them. */
  jwks: JSONWebKeySet;
}

/** The members of a public key (RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2), and its times. */
const PUBLIC_MEMBERS = ["kty", "crv", "x", "y", "n", "e", "kid", "alg", "iat", "nbf"] as const;

/** RFC 7518 §3.3. */
const MIN_RSA_BITS = 2048;
/** 128 bits of security (NIST SP 800-57 part 1, table 2). A shorter key only verifies. */
export const MIN_SIGNING_RSA_BITS = 3072;
const PROBE = new Uint8Array(1);

/**
 * Imports a key set. Throws if no private key can sign, if a key does not fit its `alg` or is too
 * short, or if the private and public parts of a key do not match.
 */
export async function importKeys(jwks: SigningJwk[]): Promise<Keys> {
  const publicJwks = jwks.map(publicHalf);
  const verifying = await importPublicKeys(publicJwks);
  const privateKeys = await Promise.all(jwks.filter(({ d }) => d !== undefined).map(importSigningKey));
  // The sort is stable: among keys with equal times the first one signs.
  const [first, ...others] = privateKeys
    .filter(({ privateKey }) => rsaBits(privateKey) >= MIN_SIGNING_RSA_BITS)
    .sort((a, b) => b.nbf - a.nbf);
  if (!first) throw new TypeError("no key can sign");
  return { signing: [first, ...others], verifying, jwks: { keys: publicJwks } };
}

/** Returns the key that signs at `now` (Unix seconds), or the next one if none does yet. */
export const signingKeyAt = ({ signing }: Keys, now: number): SigningKey =>
  signing.find(({ nbf }) => nbf <= now) ?? signing.at(-1)!;

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

async function importSigningKey(jwk: SigningJwk): Promise<SigningKey> {
  const { kid, alg, nbf = 0 } = jwk;
  const [privateKey, publicKey] = [await importKey(jwk), await importKey(publicHalf(jwk))];
  const probe = await new CompactSign(PROBE).setProtectedHeader({ alg }).sign(privateKey);
  await compactVerify(probe, publicKey);
  return { kid, alg, nbf, privateKey };
}

async function importKey(jwk: SigningJwk): Promise<CryptoKey> {
  const key = await importJWK(jwk, jwk.alg);
  if (key instanceof Uint8Array) throw new TypeError("a symmetric key cannot sign tokens");
  if (rsaBits(key) < MIN_RSA_BITS) throw new TypeError("the RSA key is too short");
  return key;
}

/** Returns the length of an RSA modulus, or infinity for other kinds of keys. */
const rsaBits = ({ algorithm }: CryptoKey): number =>
  (algorithm as { modulusLength?: number }).modulusLength ?? Number.POSITIVE_INFINITY;

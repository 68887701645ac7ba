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

/** A JSON Web Key (RFC 7517), private or its public half, that says which key it is and what it is for. */
export type SigningJwk = JWK & {
  kid: string;
  alg: SigningAlgorithm;
  /** When it was made, in Unix seconds (OpenID Federation 1.0, historical keys). */
  iat?: number;
};

export interface VerifyingKey {
  kid: string;
  alg: SigningAlgorithm;
  publicKey: CryptoKey;
}

/** The first key signs, all verify: a new key goes in front, an old one leaves when its tokens are dead. */
export interface Keys {
  signing: { kid: string; alg: SigningAlgorithm; privateKey: CryptoKey };
  verifying: VerifyingKey[];
  /** What `/.well-known/jwks.json` shows. */
  jwks: JSONWebKeySet;
}

/** Members that a private key shares with its public half (RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2), and when it was made. */
const PUBLIC_MEMBERS = ["kty", "crv", "x", "y", "n", "e", "kid", "alg", "iat"] as const;

/** RFC 7518 §3.3. */
const MIN_RSA_BITS = 2048;
const PROBE = new Uint8Array(1);

/** Imports a key set whose first key is private. Throws when a key is not what its `alg` says, is too short, or when the
 *  first one's halves do not belong together. */
export async function importKeys(jwks: [SigningJwk, ...SigningJwk[]]): Promise<Keys> {
  const [{ kid, alg }] = jwks;
  const publicJwks = jwks.map(publicHalf);
  const privateKey = await importKey(jwks[0]);
  const verifying = await importPublicKeys(publicJwks);
  const probe = await new CompactSign(PROBE).setProtectedHeader({ alg }).sign(privateKey);
  await compactVerify(probe, verifying[0]!.publicKey);
  return { signing: { kid, alg, privateKey }, verifying, jwks: { keys: publicJwks } };
}

/** Imports keys that verify. Throws when one is not what its `alg` says, or is too short. */
export const importPublicKeys = (jwks: SigningJwk[]): Promise<VerifyingKey[]> =>
  Promise.all(jwks.map(async (jwk) => ({ kid: jwk.kid, alg: jwk.alg, publicKey: await importKey(jwk) })));

/** The one of these keys that a token's header names. Keys that a token brings along (`jwk`, `jku`, `x5u`) are never
 *  looked at, and a key serves its own algorithm alone. */
export function findKey(keys: VerifyingKey[], { kid, alg }: JWTHeaderParameters): CryptoKey | undefined {
  return keys.find((key) => key.kid === kid && key.alg === alg)?.publicKey;
}

/** What of a key may be shown. */
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

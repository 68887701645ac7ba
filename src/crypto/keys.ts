import { type CryptoKey, importJWK, type JSONWebKeySet, type JWK, type JWTHeaderParameters } from "jose";

export const SIGNING_ALGORITHMS = ["ES256", "EdDSA", "RS256"] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A JSON Web Key (RFC 7517), private or its public half, that says which key it is and what it is for. */
export type SigningJwk = JWK & {
  kid: string;
  alg: SigningAlgorithm;
  /** When it was made, in Unix seconds (OpenID Federation 1.0, historical keys). */
  iat?: number;
};

interface VerifyingKey {
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

/** Imports a private key set. Throws when a key is not what its `alg` says. */
export async function importKeys(jwks: [SigningJwk, ...SigningJwk[]]): Promise<Keys> {
  const [first] = jwks;
  const publicJwks = jwks.map(publicHalf);
  return {
    signing: { kid: first.kid, alg: first.alg, privateKey: await importKey(first) },
    verifying: await Promise.all(
      publicJwks.map(async (jwk) => ({ kid: jwk.kid, alg: jwk.alg, publicKey: await importKey(jwk) })),
    ),
    jwks: { keys: publicJwks },
  };
}

/** The configured key that a token's header names. Keys that a token brings along (`jwk`, `jku`, `x5u`) are never
 *  looked at, and a key serves its own algorithm alone. */
export function findKey(keys: Keys, { kid, alg }: JWTHeaderParameters): CryptoKey | undefined {
  return keys.verifying.find((key) => key.kid === kid && key.alg === alg)?.publicKey;
}

/** What of a key may be shown. */
export function publicHalf(jwk: SigningJwk): SigningJwk {
  const members = PUBLIC_MEMBERS.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]]));
  return { ...Object.fromEntries(members), use: "sig" };
}

async function importKey(jwk: SigningJwk): Promise<CryptoKey> {
  const key = await importJWK(jwk, jwk.alg);
  if (key instanceof Uint8Array) throw new TypeError("a symmetric key cannot sign tokens");
  return key;
}

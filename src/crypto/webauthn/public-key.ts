/**
 * Public keys of credentials: COSE (RFC 9053) from the authenticator, JWK (RFC 7517) in storage.
 *
 * ES256, EdDSA with Ed25519, and RS256. The keys are checked once, when they are registered.
 */
import type { CborMap } from "./cbor.ts";
import { fromBase64url } from "./ceremony.ts";
import { check, Refusal } from "./refusal.ts";

/** The COSE algorithms to offer in `pubKeyCredParams`, the preferred one first. */
export const ALGORITHMS = [-8, -7, -257] as const;
export type CoseAlgorithm = (typeof ALGORITHMS)[number];

const IMPORT_PARAMS = {
  [-7]: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  [-8]: { name: "Ed25519" },
  [-257]: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
};

/** Labels of COSE key parameters. Labels below zero depend on the key type. */
const KTY = 1;
const ALG = 3;
const CRV = -1;
const X = -2;
const Y = -3;
const N = -1;
const E = -2;

/** The byte lengths of RSA moduli, 2048 to 4096 bits. */
const MIN_RSA_BYTES = 256;
const MAX_RSA_BYTES = 512;
/** 65537, which every authenticator uses. */
const RSA_EXPONENT = "AQAB";
/** The length of a coordinate, and of each number of a signature. */
const P256_BYTES = 32;
const ED25519_BYTES = 32;

/** Converts a COSE key to the JSON of a JWK. Refuses keys that WebCrypto does not import. */
export async function toStoredKey(key: CborMap): Promise<{ algorithm: CoseAlgorithm; publicKey: string }> {
  const algorithm = ALGORITHMS.find((offered) => offered === key.get(ALG));
  check(algorithm !== undefined, "unsupported_algorithm");
  const jwk = { [-7]: toEcJwk, [-8]: toOkpJwk, [-257]: toRsaJwk }[algorithm](key);
  const publicKey = JSON.stringify(jwk);
  // Refuses a point that is not on the curve.
  await importKey(publicKey, algorithm);
  return { algorithm, publicKey };
}

/** Tests a signature in the encoding of WebAuthn (§6.5.5) over `data`. */
export async function isSignedBy(
  publicKey: string,
  algorithm: CoseAlgorithm,
  signature: Buffer,
  data: Buffer,
): Promise<boolean> {
  const raw = algorithm === -7 ? toRawSignature(signature) : signature;
  const key = await importKey(publicKey, algorithm);
  // The runtime rejects an Ed25519 signature of another length, instead of answering false.
  return crypto.subtle.verify(IMPORT_PARAMS[algorithm], key, raw, data).catch(() => false);
}

async function importKey(publicKey: string, algorithm: CoseAlgorithm): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", JSON.parse(publicKey), IMPORT_PARAMS[algorithm], false, ["verify"]);
  } catch {
    throw new Refusal("invalid_public_key");
  }
}

// §5.8.5: a key has its required parameters, and no other. The numbers of types and curves are
// those of the IANA registry of COSE.

function toEcJwk(key: CborMap) {
  check(key.size === 5 && key.get(KTY) === 2 && key.get(CRV) === 1, "invalid_public_key");
  return { kty: "EC", crv: "P-256", x: bytesOf(key, X, P256_BYTES), y: bytesOf(key, Y, P256_BYTES) };
}

function toOkpJwk(key: CborMap) {
  check(key.size === 4 && key.get(KTY) === 1 && key.get(CRV) === 6, "invalid_public_key");
  return { kty: "OKP", crv: "Ed25519", x: bytesOf(key, X, ED25519_BYTES) };
}

function toRsaJwk(key: CborMap) {
  const [n, e] = [bytesOf(key, N, MIN_RSA_BYTES, MAX_RSA_BYTES), bytesOf(key, E, 3)];
  check(key.size === 4 && key.get(KTY) === 3 && e === RSA_EXPONENT, "invalid_public_key");
  const modulus = fromBase64url(n);
  // No leading zeros. The highest bit is set in a modulus of the shortest length.
  check(modulus.readUInt8() >= (modulus.length === MIN_RSA_BYTES ? 0x80 : 1), "invalid_public_key");
  return { kty: "RSA", n, e };
}

/** Returns a parameter of `min` to `max` bytes in base64url. */
function bytesOf(key: CborMap, label: number, min: number, max = min): string {
  const value = key.get(label);
  check(value instanceof Uint8Array && value.length >= min && value.length <= max, "invalid_public_key");
  return value.toString("base64url");
}

/** Converts an ECDSA signature from DER (RFC 3279 §2.2.3) to the form of WebCrypto: r, then s. */
function toRawSignature(der: Buffer): Buffer {
  const [tag, length] = der;
  check(tag === 0x30 && length === der.length - 2, "invalid_signature");
  const [r, rest] = takeInteger(der.subarray(2));
  const [s, after] = takeInteger(rest);
  check(after.length === 0, "invalid_signature");
  return Buffer.concat([r, s]);
}

/** Takes a positive DER integer. It has a leading zero only if it would be negative without. */
function takeInteger(der: Buffer): [Buffer, Buffer] {
  const [tag, length = 0, first = 0, second = 0] = der;
  const end = 2 + length;
  const isPositive = first === 0 ? second >= 0x80 : first < 0x80;
  check(tag === 0x02 && isPositive && end <= der.length, "invalid_signature");
  const value = der.subarray(first === 0 ? 3 : 2, end);
  check(value.length <= P256_BYTES, "invalid_signature");
  return [Buffer.concat([Buffer.alloc(P256_BYTES - value.length), value]), der.subarray(end)];
}

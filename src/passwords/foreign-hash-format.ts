/**
 * Password hashes that other systems made: the texts in which they are stored, and what verifying
 * one may cost at most. The import writes them, the Worker in `workers/password-verifier` reads
 * them. Pure; the main Worker does not contain this file.
 *
 *     $2a$, $2b$, $2y$                                     bcrypt, as it is everywhere
 *     $argon2id$v=19$m=65536,t=3,p=4$salt$key              also argon2i and argon2d
 *     $pbkdf2-sha256$i=600000$salt$key                     also sha512 and sha1
 *     $scrypt$ln=14,r=8,p=5$salt$key                       of any length
 *     $better-auth$salt$key                                both in hexadecimal, as it stores them
 *     $firebase-scrypt$ln=14,r=8$salt$separator$signer$key
 *
 * Binary values are unpadded standard base64.
 */

interface ScryptCost {
  /** log2 of the CPU and memory cost N. */
  ln: number;
  r: number;
  p: number;
}

/** A hash with at least 16 bytes of key, so that nobody guesses a key of zeros. */
export type ForeignHash =
  | { algorithm: "bcrypt"; cost: number; text: string }
  | {
      algorithm: "argon2d" | "argon2i" | "argon2id";
      kibibytes: number;
      passes: number;
      lanes: number;
      salt: Uint8Array;
      key: Uint8Array;
    }
  | { algorithm: "pbkdf2"; digest: "sha1" | "sha256" | "sha512"; iterations: number; salt: Uint8Array; key: Uint8Array }
  | { algorithm: "scrypt"; cost: ScryptCost; salt: Uint8Array; key: Uint8Array; normalization?: "NFKC" }
  | { algorithm: "firebase-scrypt"; cost: ScryptCost; salt: Uint8Array; signerKey: Uint8Array; key: Uint8Array };

const MAX_BCRYPT_COST = 14;
const MAX_ARGON2_KIBIBYTES = 102_400;
/** Memory times passes, which is what the time depends on. */
const MAX_ARGON2_KIBIBYTE_PASSES = 400_000;
const MAX_PBKDF2_ITERATIONS = 2_000_000;
const MAX_SCRYPT_BYTES = 64 * 2 ** 20;
const MAX_SCRYPT_P = 8;

const MAX_TEXT_LENGTH = 1024;

const number = (name: string, digits: number) => `(?<${name}>[1-9]\\d{0,${digits - 1}})`;
/** At least so many bytes in base64. */
const base64 = (name: string, bytes: number) => `(?<${name}>[A-Za-z0-9+/]{${Math.ceil((bytes * 4) / 3)},})`;
const SALT = base64("salt", 1);
const KEY = base64("key", 16);

type Fields = Record<string, string>;

const bytesOf = (text = "", encoding: "base64" | "latin1" | "hex" = "base64") => Buffer.from(text, encoding);
const saltAndKey = ({ salt, key }: Fields) => ({ salt: bytesOf(salt), key: bytesOf(key) });
const scryptCost = ({ ln, r, p = "1" }: Fields): ScryptCost => ({ ln: Number(ln), r: Number(r), p: Number(p) });

const FORMATS: [RegExp, (fields: Fields, text: string) => ForeignHash | undefined][] = [
  [
    /^\$2[aby]\$(?<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/,
    ({ cost }, text) => ({ algorithm: "bcrypt", cost: Number(cost), text }),
  ],
  [
    new RegExp(
      `^\\$(?<algorithm>argon2(?:d|i|id))\\$v=19\\$m=${number("m", 10)},t=${number("t", 10)},p=${number("p", 3)}` +
        `\\$${base64("salt", 8)}\\$${KEY}$`,
    ),
    ({ algorithm, m, t, p, ...fields }) => {
      const [kibibytes, passes, lanes] = [Number(m), Number(t), Number(p)];
      // RFC 9106 §3.1.
      if (kibibytes < 8 * lanes) return undefined;
      return {
        algorithm: algorithm as "argon2d" | "argon2i" | "argon2id",
        kibibytes,
        passes,
        lanes,
        ...saltAndKey(fields),
      };
    },
  ],
  [
    new RegExp(`^\\$pbkdf2-(?<digest>sha1|sha256|sha512)\\$i=${number("iterations", 10)}\\$${SALT}\\$${KEY}$`),
    ({ digest, iterations, ...fields }) => ({
      algorithm: "pbkdf2",
      digest: digest as "sha1" | "sha256" | "sha512",
      iterations: Number(iterations),
      ...saltAndKey(fields),
    }),
  ],
  [
    new RegExp(`^\\$scrypt\\$ln=${number("ln", 2)},r=${number("r", 5)},p=${number("p", 5)}\\$${SALT}\\$${KEY}$`),
    (fields) => ({ algorithm: "scrypt", cost: scryptCost(fields), ...saltAndKey(fields) }),
  ],
  [
    /^\$better-auth\$(?<salt>[0-9A-Fa-f]{16,256})\$(?<key>[0-9A-Fa-f]{128})$/,
    ({ salt, key }) => ({
      algorithm: "scrypt",
      cost: { ln: 14, r: 16, p: 1 },
      // The salt is the text, not the bytes that it stands for.
      salt: bytesOf(salt, "latin1"),
      key: bytesOf(key, "hex"),
      normalization: "NFKC",
    }),
  ],
  [
    new RegExp(
      `^\\$firebase-scrypt\\$ln=${number("ln", 2)},r=${number("r", 5)}` +
        `\\$${SALT}\\$(?<separator>[A-Za-z0-9+/]*)\\$${base64("signer", 16)}\\$${KEY}$`,
    ),
    (fields) => ({
      algorithm: "firebase-scrypt",
      cost: scryptCost(fields),
      salt: Buffer.concat([bytesOf(fields["salt"]), bytesOf(fields["separator"])]),
      signerKey: bytesOf(fields["signer"]),
      key: bytesOf(fields["key"]),
    }),
  ],
];

/** Parses a stored hash. Returns undefined if it is in none of the formats. */
export function parseForeignHash(text: string): ForeignHash | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  for (const [pattern, read] of FORMATS) {
    const fields = pattern.exec(text)?.groups;
    if (fields) return read(fields, text);
  }
  return undefined;
}

/** Tests whether an isolate may spend the time and the memory that verifying a hash takes. */
export function isAffordable(hash: ForeignHash): boolean {
  switch (hash.algorithm) {
    case "bcrypt":
      return hash.cost <= MAX_BCRYPT_COST;
    case "pbkdf2":
      return hash.iterations <= MAX_PBKDF2_ITERATIONS;
    case "scrypt":
    case "firebase-scrypt":
      return 128 * 2 ** hash.cost.ln * hash.cost.r <= MAX_SCRYPT_BYTES && hash.cost.p <= MAX_SCRYPT_P;
    default:
      return hash.kibibytes <= MAX_ARGON2_KIBIBYTES && hash.kibibytes * hash.passes <= MAX_ARGON2_KIBIBYTE_PASSES;
  }
}

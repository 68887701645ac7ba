/**
 * The password hashes of other systems: how they are written, and how much one may cost to verify.
 *
 * `npm run import` stores no hash that `parseForeignHash` does not read or that is too costly: an
 * imported row must not be able to stop the service. Nothing here verifies a password.
 */

/** The parts of a hash, as texts. Base64 is standard and unpadded. */
export interface ForeignHash {
  scheme: keyof typeof FORMS;
  parts: Record<string, string>;
}

const N = "[1-9]\\d{0,8}";
const B64 = "(?:[A-Za-z\\d+/]{4}){0,40}[A-Za-z\\d+/]{2,4}";

const FORMS = {
  /** In modular crypt format, as it was exported. */
  bcrypt: /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z\d]{53}$/,
  /** PHC strings. */
  argon2: new RegExp(
    `^\\$argon2(?<type>id|i|d)\\$v=19\\$m=(?<m>${N}),t=(?<t>${N}),p=(?<p>${N})\\$(?<salt>${B64})\\$(?<key>${B64})$`,
  ),
  pbkdf2: new RegExp(`^\\$pbkdf2-(?<digest>sha1|sha256|sha512)\\$i=(?<i>${N})\\$(?<salt>${B64})\\$(?<key>${B64})$`),
  /** scrypt with N=2^14, r=16, p=1 and a key of 64 bytes. The hexadecimal text itself is the salt. */
  "better-auth": /^\$better-auth\$(?<salt>[\da-f]{32})\$(?<key>[\da-f]{128})$/,
  /** scrypt with p=1, whose output is the key of AES-256-CTR that encrypts the signer key. */
  firebase: new RegExp(
    `^\\$firebase-scrypt\\$ln=(?<ln>${N}),r=(?<r>${N})\\$(?<salt>${B64})\\$(?<separator>${B64})` +
      `\\$(?<signer>${B64})\\$(?<key>${B64})$`,
  ),
} as const;

const MAX_BCRYPT_COST = 14;
/** Argon2: what fits into an isolate of 128 MiB, and memory × passes. */
const MAX_ARGON2_KIB = 102_400;
const MAX_ARGON2_KIB_PASSES = 400_000;
const MAX_PBKDF2_ITERATIONS = 2_000_000;
const MAX_SCRYPT_BYTES = 64 * 2 ** 20;

/** Reads a hash. Returns undefined if it is of no known scheme. */
export function parseForeignHash(text: string): ForeignHash | undefined {
  for (const scheme of Object.keys(FORMS) as (keyof typeof FORMS)[]) {
    const { groups } = FORMS[scheme].exec(text) ?? {};
    if (groups) return { scheme, parts: groups };
  }
  return undefined;
}

/** Tests whether a hash may be verified: what it costs in time and memory is bounded. */
export function isAffordable({ scheme, parts }: ForeignHash): boolean {
  const number = (name: string) => Number(parts[name]);
  switch (scheme) {
    case "bcrypt":
      return number("cost") >= 4 && number("cost") <= MAX_BCRYPT_COST;
    case "argon2":
      return (
        number("m") >= 8 * number("p") &&
        number("m") <= MAX_ARGON2_KIB &&
        number("m") * number("t") <= MAX_ARGON2_KIB_PASSES
      );
    case "pbkdf2":
      return number("i") <= MAX_PBKDF2_ITERATIONS;
    case "better-auth":
      return true;
    case "firebase":
      return 128 * 2 ** number("ln") * number("r") <= MAX_SCRYPT_BYTES;
  }
}

import nodeCrypto from "node:crypto";
import { argon2d, argon2i, argon2id } from "@noble/hashes/argon2.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import wasm from "argon2id/dist/simd.wasm";
import setUpArgon2id, { type computeHash } from "argon2id/lib/setup.js";
import { compareSync } from "bcryptjs";
import { deriveKey } from "../../../src/crypto/password.ts";
import type { ForeignHash } from "../../../src/passwords/foreign-hash-format.ts";

type Argon2 = Extract<ForeignHash, { kibibytes: number }>;

const ARGON2 = { argon2d, argon2i, argon2id };
const DIGESTS = { sha1, sha256, sha512 };
const FIREBASE_KEY_BYTES = 32;

/** Tests a password against a hash. Blocks the isolate for up to 8 s. */
export function matches(hash: ForeignHash, password: string): boolean {
  switch (hash.algorithm) {
    case "bcrypt":
      // Only the first 72 bytes count, as in every bcrypt.
      return compareSync(password, hash.text);
    case "pbkdf2": {
      // Each block of the key costs all rounds. The first proves as much as all of them.
      const key = hash.key.subarray(0, DIGESTS[hash.digest].outputLen);
      // Not the one of the runtime: deployed Workers refuse more than 100,000 rounds.
      const options = { c: hash.iterations, dkLen: key.length };
      return isEqual(pbkdf2(DIGESTS[hash.digest], password, hash.salt, options), key);
    }
    case "scrypt": {
      const form = hash.normalization ? password.normalize(hash.normalization) : password;
      return isEqual(deriveKey(form, hash.salt, hash.cost, "noble", hash.key.length), hash.key);
    }
    case "firebase-scrypt": {
      // github.com/firebase/scrypt: the key of the project, encrypted with the derived key.
      const key = deriveKey(password, hash.salt, hash.cost, "noble", FIREBASE_KEY_BYTES);
      const cipher = nodeCrypto.createCipheriv("aes-256-ctr", key, new Uint8Array(16));
      return isEqual(cipher.update(hash.signerKey), hash.key);
    }
    default:
      return isEqual(deriveArgon2(hash, new TextEncoder().encode(password)), hash.key);
  }
}

function deriveArgon2({ algorithm, kibibytes, passes, lanes, salt, key }: Argon2, password: Uint8Array): Uint8Array {
  // By a mistake of the library, it takes no password of one byte.
  if (algorithm === "argon2id" && fastArgon2id && password.length > 1) {
    const cost = { memorySize: kibibytes, passes, parallelism: lanes };
    return fastArgon2id({ password, salt, ...cost, tagLength: key.length });
  }
  return ARGON2[algorithm](password, salt, { m: kibibytes, t: passes, p: lanes, dkLen: key.length });
}

let fastArgon2id: computeHash | undefined;

/**
 * Loads Argon2id in WebAssembly, which takes a third of the time. Its memory is kept, 65 to 100
 * MiB: in an isolate of 128 MiB there is no room for a second one that waits for its collection.
 */
export async function loadArgon2id(): Promise<void> {
  const instantiate = (imports: WebAssembly.Imports) => ({
    module: wasm,
    instance: new WebAssembly.Instance(wasm, imports),
  });
  fastArgon2id ??= await setUpArgon2id(instantiate, instantiate);
}

const isEqual = (derived: Uint8Array, key: Uint8Array) =>
  derived.length === key.length && nodeCrypto.timingSafeEqual(derived, key);

import nodeCrypto from "node:crypto";
import { scrypt } from "@noble/hashes/scrypt.js";

/** scrypt's cost (RFC 7914 §2): `ln` is log2 of the CPU and memory cost N. */
export interface ScryptParams {
  ln: number;
  r: number;
  p: number;
}

/** Both engines give the same bytes. `noble` is plain JavaScript; `node` is the runtime's native code, twice as fast. */
export type ScryptEngine = "noble" | "node";

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** N·r·p and N of the cheapest minimum that the OWASP Password Storage Cheat Sheet names, 2^13/8/10. */
const MIN_COST = 2 ** 13 * 8 * 10;
const MIN_LN = 13;
/** About 0.3 s by `noble`, and the most that the runtime's own scrypt takes. */
const MAX_COST = 2 ** 20;
/** Half of the 128 MiB that an isolate has. */
const MAX_MEMORY_BYTES = 64 * 2 ** 20;

const BASE64_16 = "[A-Za-z0-9+/]{22}";
const BASE64_32 = "[A-Za-z0-9+/]{43}";
const PARAMS = /^ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)$/;
const PHC = new RegExp(`^\\$scrypt\\$(ln=\\d+,r=\\d+,p=\\d+)\\$(${BASE64_16})\\$(${BASE64_32})$`);

/** Reads `ln=14,r=8,p=5`. Undefined when it is malformed, or above what an isolate can bear. */
export function parseParams(text: string): ScryptParams | undefined {
  const match = PARAMS.exec(text);
  if (!match) return undefined;

  const [ln, r, p] = match.slice(1).map(Number) as [number, number, number];
  const tooDear = 2 ** ln * r * p > MAX_COST || 128 * 2 ** ln * r > MAX_MEMORY_BYTES;
  return tooDear ? undefined : { ln, r, p };
}

/** Whether these parameters are strong enough to hash a new password with. */
export function isStrongEnough({ ln, r, p }: ScryptParams): boolean {
  return ln >= MIN_LN && r >= 8 && 2 ** ln * r * p >= MIN_COST;
}

/** A PHC string, `$scrypt$ln=14,r=8,p=5$salt$key` in unpadded base64. Blocks the isolate for 0.1–0.2 s. */
export function hashPassword(password: string, params: ScryptParams, engine: ScryptEngine): string {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return format(params, salt, deriveKey(password, salt, params, engine));
}

/** Whether the password is the one that was hashed. A string that is not one of ours matches nothing. */
export function verifyPassword(password: string, phc: string, engine: ScryptEngine): boolean {
  const stored = parse(phc);
  if (!stored) return false;

  return nodeCrypto.timingSafeEqual(deriveKey(password, stored.salt, stored.params, engine), stored.key);
}

/** A hash that no password has, and that costs as much to refuse as a real one: for unknown users. */
export function dummyHash(params: ScryptParams): string {
  return format(params, new Uint8Array(SALT_BYTES), new Uint8Array(KEY_BYTES));
}

/** Whether the hash was made with other parameters than these. */
export function isOutdated(phc: string, params: ScryptParams): boolean {
  return !phc.startsWith(`$scrypt$${formatParams(params)}$`);
}

/** The raw function, RFC 7914 §6. The password is taken verbatim, as UTF-8. */
export function deriveKey(
  password: string,
  salt: Uint8Array,
  { ln, r, p }: ScryptParams,
  engine: ScryptEngine,
  bytes = KEY_BYTES,
): Uint8Array {
  // V8 keeps 2 ** ln as a double, and then noble's loops are a twelfth slower.
  const N = 1 << ln;
  // Both refuse to start above their own idea of much memory (node: 32 MiB); parseParams has set ours.
  const maxmem = 128 * r * (N + p) + 2 ** 20;
  if (engine === "node") return nodeCrypto.scryptSync(password, salt, bytes, { N, r, p, maxmem });
  return scrypt(password, salt, { N, r, p, dkLen: bytes, maxmem });
}

const formatParams = ({ ln, r, p }: ScryptParams) => `ln=${ln},r=${r},p=${p}`;

const format = (params: ScryptParams, salt: Uint8Array, key: Uint8Array) =>
  `$scrypt$${formatParams(params)}$${toBase64(salt)}$${toBase64(key)}`;

function parse(phc: string) {
  const [, text = "", salt = "", key = ""] = PHC.exec(phc) ?? [];
  const params = parseParams(text);
  return params && { params, salt: fromBase64(salt), key: fromBase64(key) };
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/**
 * Password hashes: scrypt (RFC 7914) in PHC strings.
 *
 * The functions are synchronous and block the isolate; `passwords/hashing.ts` queues them. They do
 * not judge the quality of a password.
 */
import { scrypt } from "@noble/hashes/scrypt.js";
import { nodeCrypto } from "./node-crypto.ts";

/** The cost parameters of scrypt (RFC 7914 §2). `ln` is log2 of the CPU and memory cost N. */
export interface ScryptParams {
  ln: number;
  r: number;
  p: number;
}

/** `noble` is plain JavaScript; `node` is the runtime's native code, twice as fast. Same output. */
export type ScryptEngine = "noble" | "node";

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** N·r·p and log2 N of the cheapest parameters that OWASP recommends: N=2^13, r=8, p=10. */
const MIN_COST = 2 ** 13 * 8 * 10;
const MIN_LN = 13;
/** N·r·p that takes `noble` about 0.4 s. The runtime's native scrypt accepts no more. */
const MAX_COST = 2 ** 20;
/** Half of the memory limit of an isolate, 128 MiB. */
const MAX_MEMORY_BYTES = 64 * 2 ** 20;

const BASE64_16 = "[A-Za-z0-9+/]{22}";
const BASE64_32 = "[A-Za-z0-9+/]{43}";
const PARAMS = /^ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)$/;
const PHC = new RegExp(`^\\$scrypt\\$(ln=\\d+,r=\\d+,p=\\d+)\\$(${BASE64_16})\\$(${BASE64_32})$`);

/** Parses `ln=15,r=8,p=3`. Returns undefined if it is malformed or too costly for an isolate. */
export function parseParams(text: string): ScryptParams | undefined {
  const match = PARAMS.exec(text);
  if (!match) return undefined;

  const [ln, r, p] = match.slice(1).map(Number) as [number, number, number];
  const tooDear = 2 ** ln * r * p > MAX_COST || 128 * 2 ** ln * r > MAX_MEMORY_BYTES;
  return tooDear ? undefined : { ln, r, p };
}

/** Tests whether parameters are at least as strong as OWASP recommends for new hashes. */
export function isStrongEnough({ ln, r, p }: ScryptParams): boolean {
  return ln >= MIN_LN && r >= 8 && 2 ** ln * r * p >= MIN_COST;
}

/**
 * Hashes a password into a PHC string, `$scrypt$ln=15,r=8,p=3$salt$key` in unpadded base64. Blocks
 * the isolate for 0.2 to 0.4 s.
 */
export function hashPassword(password: string, params: ScryptParams, engine: ScryptEngine): string {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return format(params, salt, deriveKey(password, salt, params, engine));
}

/** Tests a password against a PHC string. A string in another format matches no password. */
export function verifyPassword(password: string, phc: string, engine: ScryptEngine): boolean {
  const stored = parse(phc);
  if (!stored) return false;

  return crypto.subtle.timingSafeEqual(deriveKey(password, stored.salt, stored.params, engine), stored.key);
}

/** Returns a hash that no password matches. It costs as much to verify as a real one. */
export function dummyHash(params: ScryptParams): string {
  return format(params, new Uint8Array(SALT_BYTES), new Uint8Array(KEY_BYTES));
}

/** Returns the parameters of a PHC string, or undefined if it has another format. */
export const paramsOf = (phc: string): ScryptParams | undefined => parse(phc)?.params;

/** Tests whether a hash was made with other parameters than these. */
export function isOutdated(phc: string, params: ScryptParams): boolean {
  return !phc.startsWith(`$scrypt$${formatParams(params)}$`);
}

/** Runs scrypt (RFC 7914 §6) on the password as UTF-8, without normalization. */
export function deriveKey(
  password: string,
  salt: Uint8Array,
  { ln, r, p }: ScryptParams,
  engine: ScryptEngine,
  bytes = KEY_BYTES,
): Uint8Array {
  // `1 << ln` is an integer to V8. `2 ** ln` is a double, which slows noble's loops down by 8 %.
  const N = 1 << ln;
  // Both engines have a low default limit (node: 32 MiB). `parseParams` has checked the real one.
  const maxmem = 128 * r * (N + p) + 2 ** 20;
  if (engine === "node") return nodeCrypto().scryptSync(password, salt, bytes, { N, r, p, maxmem });
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

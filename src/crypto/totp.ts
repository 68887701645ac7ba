/**
 * Time-based one-time passwords (RFC 6238): SHA-1, six digits, 30 seconds, as every authenticator
 * app supports. It does not store secrets and does not remember which codes were used.
 */
import { isSame } from "./hmac.ts";
import { nodeCrypto } from "./node-crypto.ts";

export const TOTP_DIGITS = 6;
const STEP_SECONDS = 30;
/** 160 bits (RFC 4226 §4, R6). */
const SECRET_BYTES = 20;
/** Steps before and after the current one whose codes are accepted, because clocks differ. */
const WINDOW_STEPS = 1;

/** Creates a secret, in base32 as apps take it. */
export const createTotpSecret = (): string => toBase32(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));

/** Returns the time step of a time in Unix milliseconds. */
export const stepAt = (now: number): number => Math.floor(now / 1000 / STEP_SECONDS);

/** Computes the code of a time step (RFC 4226 §5.3). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = nodeCrypto().createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** TOTP_DIGITS).padStart(TOTP_DIGITS, "0");
}

/**
 * Returns the time step whose code this is, if it is later than `lastStep`, the last one that was
 * used. Compares with every step of the window, so that the time does not tell which one matched.
 */
export function matchTotp(
  secret: string,
  code: string,
  { now, lastStep }: { now: number; lastStep: number | null },
): number | undefined {
  const current = stepAt(now);
  const steps = Array.from({ length: 2 * WINDOW_STEPS + 1 }, (_, n) => current - WINDOW_STEPS + n);
  return steps.filter((step) => isSame(totpCode(secret, step), code) && step > (lastStep ?? -1)).at(-1);
}

/** Builds the address that apps read from a QR code (Google Authenticator, Key URI Format). */
export function totpUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  // A colon separates the two names.
  const label = [issuer, account].map((name) => encodeURIComponent(name.replaceAll(":", " "))).join(":");
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer.replaceAll(":", " "))}`;
}

/** RFC 4648 §6. */
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Encodes bytes whose bits are a multiple of five, so that there is no padding. */
function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replace(/.{5}/g, (group) => BASE32[Number.parseInt(group, 2)] as string);
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

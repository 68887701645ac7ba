/**
 * The code that a user types to allow a device (RFC 8628 §6.1): eight letters, of which 20^8 exist.
 * The alphabet has no vowels, so codes are no words, and few letters that look alike.
 */
import { hmac } from "./hmac.ts";
import { randomText } from "./random-text.ts";

const ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
const LENGTH = 8;
const USER_CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** Creates a random code. */
export const createUserCode = (): string => randomText(ALPHABET, LENGTH);

/** Writes a code as people read it: `BCDF-GHJK`. */
export const readable = (userCode: string): string => `${userCode.slice(0, 4)}-${userCode.slice(4)}`;

/** Tests whether a text has the form of a code. */
export const isUserCode = (text: string): boolean => USER_CODE.test(text);

/** Returns the digest of a code, as stored. It is keyed: short codes are quickly guessed. */
export const digestOfUserCode = (pepper: string, userCode: string): string =>
  hmac(pepper, ["user-code", userCode]).toString("base64url");

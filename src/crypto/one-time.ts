/**
 * One-time secrets: the secret of a link, and the code of some digits.
 *
 * Both are derived from the pepper and the message id, so a message that is delivered twice carries
 * the same secret although no secret is stored. Storage holds only digests. `storage/secrets.ts`
 * enforces expiry and attempts.
 */
import { hmac, isSame } from "./hmac.ts";
import { sha256 } from "./sha256.ts";

/** 256 bits in base64url. */
const SECRET = /^[\w-]{43}$/;

/** The purpose and the user of a code. Equal digits have different digests for each subject. */
export interface CodeSubject {
  purpose: string;
  userId: string;
}

/** Creates a random secret of the same form. */
export const createSecret = (): string => crypto.getRandomValues(Buffer.alloc(32)).toString("base64url");

/** Derives the secret of a link: 256 bits in base64url. */
export const deriveSecret = (pepper: string, messageId: string): string =>
  hmac(pepper, ["link", messageId]).toString("base64url");

/** Derives a code. Taking 48 bits modulo 10^8 has a bias below 1e-6. */
export const deriveCode = (pepper: string, messageId: string, digits: 6 | 8): string =>
  String(hmac(pepper, ["code", messageId]).readUIntBE(0, 6) % 10 ** digits).padStart(digits, "0");

/** Tests whether a text has the form of a link's secret. */
export const isSecret = (text: string): boolean => SECRET.test(text);

/** Returns the digest of a link's secret, as stored. */
export const digestOfSecret = (secret: string): string => sha256(secret).toString("base64url");

/** Returns the digest of a code, as stored. It is keyed, because few digits are quickly guessed. */
export const digestOfCode = (pepper: string, subject: CodeSubject, code: string): string =>
  hmac(pepper, ["digest", subject.purpose, subject.userId, code]).toString("base64url");

/**
 * Returns the code that a message shows beside its link. The digest of the link, which is the one
 * that is stored, tells the pepper; undefined if that is no longer one.
 */
export function codeBesideLink(peppers: string[], { id, digest }: { id: string; digest: string }): string | undefined {
  const pepper = peppers.find((each) => digestOfSecret(deriveSecret(each, id)) === digest);
  return pepper && deriveCode(pepper, id, 6);
}

/** Tests whether a code has this digest under any of the peppers. */
export const matchesCode = (peppers: string[], subject: CodeSubject, code: string, digest: string): boolean =>
  peppers.some((pepper) => isSame(digestOfCode(pepper, subject, code), digest));

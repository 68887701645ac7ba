import nodeCrypto from "node:crypto";
import { hmac } from "./hmac.ts";

/** 256 bits in base64url. */
const SECRET = /^[\w-]{43}$/;
const CODE_DIGITS = 6;

/** What a code is good for: the same digits for another purpose or user have another digest. */
export interface CodeSubject {
  purpose: string;
  userId: string;
}

/** A link's secret, 256 bits in base64url, that only the holder of the pepper can tell from the message's id: a message
 *  that is delivered twice carries the same one, though nobody stored it. */
export const deriveSecret = (pepper: string, messageId: string): string =>
  hmac(pepper, ["link", messageId]).toString("base64url");

/** A code of six digits, made likewise. 48 bits leave no digit more likely than another by more than 1e-8. */
export const deriveCode = (pepper: string, messageId: string): string =>
  String(hmac(pepper, ["code", messageId]).readUIntBE(0, 6) % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, "0");

/** Whether the text can be a link's secret at all. */
export const isSecret = (text: string): boolean => SECRET.test(text);

/** What is stored of a link's secret. */
export const digestOfSecret = (secret: string): string =>
  nodeCrypto.createHash("sha256").update(secret).digest("base64url");

/** What is stored of a code. Keyed, for six digits are soon tried out. */
export const digestOfCode = (pepper: string, subject: CodeSubject, code: string): string =>
  hmac(pepper, ["digest", subject.purpose, subject.userId, code]).toString("base64url");

/** Whether this is the code's digest, under any of the peppers. */
export const matchesCode = (peppers: string[], subject: CodeSubject, code: string, digest: string): boolean =>
  peppers.some((pepper) =>
    nodeCrypto.timingSafeEqual(Buffer.from(digestOfCode(pepper, subject, code)), Buffer.from(digest)),
  );

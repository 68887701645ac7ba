/**
 * Converts what people type and paste to the one form that is checked, stored and looked up.
 *
 * Keyboards, contact lists and mail programs add spaces and invisible marks, and use other Unicode
 * forms of letters and digits. Every entry point cleans its input here, so that a spelling that
 * registers also signs in. Passwords are normalized in `passwords/normalization.ts`.
 */

/** Invisible characters. Joiners are left out: a domain name or a word may need them. */
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;
/** Joiners at an end of the text or next to an ASCII character, where they mean nothing. */
const STRAY_JOINERS = /(?<![^\0-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\0-\x7f])/gu;
/** ASCII characters of another width. */
const OTHER_WIDTH = /[\ufe50-\ufe6b\uff01-\uff5e]/g;

/** Removes invisible characters and spaces around the text; writes ASCII in its usual width. */
export const toPlain = (typed: string): string =>
  typed
    .replace(INVISIBLE, "")
    .replace(OTHER_WIDTH, (character) => character.normalize("NFKC"))
    .replace(STRAY_JOINERS, "")
    .trim();

/**
 * As `toPlain`, with the digits of every script as in ASCII. Not for email addresses: a domain with
 * native digits is another domain than one with ASCII digits.
 */
export const withAsciiDigits = (typed: string): string => toPlain(typed).replace(/(?!\d)\p{Nd}/gu, toAsciiDigit);

/** Decimal digits of a script are ten code points in a row (Unicode §4.6). */
function toAsciiDigit(digit: string): string {
  let zero = digit.codePointAt(0) as number;
  const codePoint = zero;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((codePoint - zero) % 10);
}

/** Digits, possibly in groups. */
const GROUPED_DIGITS = /\d(?:[\p{P}\p{S}\s]*\d)*/gu;

/**
 * Takes the code out of a text: `۱۲۳-۴۵۶`, `G-123456` and `123 456 is your code` are `123456`.
 * `lengths` are those of a code. A text that can mean two codes is not one.
 */
export function toCode(typed: string, ...lengths: number[]): string {
  const numbers = withAsciiDigits(typed).match(GROUPED_DIGITS) ?? [];
  const codes = new Set(
    numbers.map((number) => number.replace(/\D/g, "")).filter(({ length }) => lengths.includes(length)),
  );
  const [code = ""] = codes;
  return codes.size === 1 ? code : "";
}

/** Removes the line breaks, spaces and brackets that come along with a copied token. */
export const toToken = (typed: string): string => toPlain(typed).replace(/[\s<>"]/g, "");

/** Takes the token out of a link, and drops what follows a token: a final dot, an escaped space. */
export const toLinkToken = (typed: string): string =>
  toToken(typed)
    .replace(/^.*[?&]token=/, "")
    .replace(/[^\w-].*/, "");

/**
 * Composes the characters of a text, and removes direction marks and the spaces around it. Letters
 * and digits stay in their script.
 */
export const toName = (typed: string): string =>
  typed
    .replace(INVISIBLE_IN_NAMES, "")
    .replace(/\p{Zs}/gu, " ")
    .trim()
    .normalize();

/** All but the joiners and selectors that scripts and emoji need. */
const INVISIBLE_IN_NAMES = /[\p{Bidi_Control}\u00ad\u200b\u2060\ufeff]/gu;

/** Tests whether a text has no visible character. */
export const isBlank = (text: string): boolean => toPlain(text) === "";

/** Tests whether nothing was typed into a field of a form. Spaces can be a password. */
export const isLeftEmpty = (name: string, value: string): boolean =>
  name.includes("password") ? value === "" : isBlank(value);

/** RFC 5321 atext and dots, which real providers hand out in a row and at the end. */
const LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/;
const LABEL = "[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?";
/** A host name in ASCII whose last label is letters or Punycode. RFC 1035 limits the lengths. */
const DOMAIN = new RegExp(`^(?=.{4,253}$)(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--${LABEL})$`);
const MAX_EMAIL_LENGTH = 254;

/**
 * Converts an email address to the form that is stored: lower case, the domain in ASCII (UTS 46),
 * a needlessly quoted local part without its quotes. Returns undefined if it is none, or exceeds
 * a limit of RFC 5321 §4.5.3.1.
 *
 * The local part has to be ASCII: a homoglyph must not create a second account for what looks like
 * the same address.
 */
export function toEmail(typed: string): string | undefined {
  const [, quoted, name = quoted, host = ""] = /^(?:"([^"@]*)"|([^@]*))@([^@]*)$/.exec(toMailbox(typed)) ?? [];
  // Phones type an apostrophe as a quotation mark.
  const local = name?.replace(/[\u2018\u2019\u02bc]/g, "'");
  const domain = toAsciiDomain(host);
  if (!domain || !local || !LOCAL_PART.test(local)) return undefined;

  const address = `${local.toLowerCase()}@${domain}`;
  return address.length <= MAX_EMAIL_LENGTH ? address : undefined;
}

/**
 * Takes an address out of what is copied with it: a display name (RFC 5322 §3.4), a `mailto:` URI
 * (RFC 6068), quotation marks, the end of a sentence or of an item in a list. A display name that
 * is another address stays, so that the text is no address.
 */
function toMailbox(typed: string): string {
  const text = toPlain(typed).replace(/(?<![\s,;.])[\s,;.]+$/, "");
  const [, name = "", inner = text] = /^([^<>]*)<([^<>]*)>$/.exec(text) ?? /^()["'“„](.*)["'”“]$/.exec(text) ?? [];
  const [, uri] = /^mailto:([^?]*)/i.exec(inner) ?? [];
  const address = toPlain(uri === undefined ? inner : decodeUri(uri));
  return !name.includes("@") || name.toLowerCase().includes(address.toLowerCase()) ? address : text;
}

/** Decodes the escapes of a URI. Returns "" if they are not UTF-8. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/**
 * Maps a domain to ASCII as the runtime's URL parser does. What that parser reads besides a host
 * name is refused before: ports, escapes, paths. So are quotation marks and brackets, and IPv4
 * addresses, whose last label is digits.
 */
function toAsciiDomain(domain: string): string | undefined {
  if (/[\p{Cc}\p{Pi}\p{Pf}\p{Ps}\p{Pe}\s:/?#\\%]/u.test(domain)) return undefined;
  const host = URL.parse(`http://${domain}`)?.hostname.replace(/\.$/, "") ?? "";
  return DOMAIN.test(host) ? host : undefined;
}

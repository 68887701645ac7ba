import { isDate } from "./dates.ts";
import { foldPassword } from "./normalization.ts";

/**
 * Tests whether a password, in any case and width, is in the list of common ones, or a date. The
 * list leaves out dates, which makes it a third smaller.
 */
export function isCommonIn(list: Set<string>, password: string): boolean {
  const folded = foldPassword(password);
  return isDate(folded) || list.has(folded);
}

/** Reads a list of passwords that are separated by spaces. */
export const parseList = (text: string): Set<string> => new Set(text.split(" ").filter(Boolean));

/** The identifiers of an account. An attacker tries them first as passwords. */
export interface AccountIdentifiers {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  username?: string | null | undefined;
}

const MIN_PHONE_DIGITS = 7;

/**
 * Tests whether a password, in any case and width, is an identifier of the account, the local part
 * of its email address, its phone number with or without its country code and punctuation, the host
 * name of the site, or a label of it.
 */
export function isIdentifier(password: string, { email, phone, username }: AccountIdentifiers, site: string): boolean {
  const own = [email, email?.split("@")[0], username, site, ...site.split(".")];
  const typed = foldPassword(password);
  const [local, domain] = typed.split("@");
  // Accounts have the domain in ASCII.
  const address = domain && `${local}@${URL.parse(`http://${domain}`)?.hostname}`;
  const digits = typed.replace(/[\s\p{P}+]/gu, "").replace(/^0+/, "");
  const isPhone = digits.length >= MIN_PHONE_DIGITS && phone?.endsWith(digits);
  return isPhone || own.some((word) => word && [typed, address].includes(foldPassword(word)));
}

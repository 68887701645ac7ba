import { COMMON_PASSWORDS } from "./common-passwords.ts";

let common: Set<string> | undefined;

/** Whether the password is one of the 5000 that people choose most, in whatever case (@zxcvbn-ts/language-common). */
export function isCommon(password: string): boolean {
  common ??= new Set(COMMON_PASSWORDS.split(" "));
  return common.has(password.toLowerCase());
}

/** What an account is found by, which everybody who attacks it tries first. */
export interface AccountIdentifiers {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  username?: string | null | undefined;
}

/** Whether the password is an identifier of the account, the part of an address before its @, a number without its +, or a
 *  name of the site. */
export function isIdentifier(password: string, { email, phone, username }: AccountIdentifiers, site: string): boolean {
  const own = [email, email?.split("@")[0], phone, phone?.slice(1), username, site, ...site.split(".")];
  const typed = password.toLowerCase();
  return own.some((word) => word?.toLowerCase() === typed);
}

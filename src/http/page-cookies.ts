/**
 * The cookies of the hosted pages. They are all about one visitor, and the next user of the browser
 * may be another person: they are deleted when the session ends, on a page or by the API.
 */
import type { Context } from "hono";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

export const PAGE_COOKIES = [
  "access_token",
  "account",
  "identifier",
  "return_to",
  "registration",
  "verification_sent",
  "reset_sent",
  "login_sent",
  "identity_sent",
  "reset_link",
  "release_link",
  "login_link",
  "pending_email",
  "pending_phone",
  "unsent_form",
  "login_token",
  "totp_setup",
  "recovery_codes",
  "api_key",
  "social",
  "pending_link",
] as const;

type PageCookie = (typeof PAGE_COOKIES)[number];

/** Reads a cookie of the pages. Forms of other sites cannot use it. */
export const pageCookie = (c: Context, name: PageCookie): string | undefined => hostCookie(c, name);

/** Sets such a cookie. `maxAge` is in seconds. */
export const setPageCookie = (c: Context, name: PageCookie, value: string, maxAge: number) =>
  setHostCookie(c, name, value, { sameSite: "Lax", maxAge });

/** Deletes such a cookie if the request has it. */
export function dropPageCookie(c: Context, name: PageCookie) {
  if (pageCookie(c, name) !== undefined) setPageCookie(c, name, "", 0);
}

/** Deletes those that the request has. */
export function dropPageCookies(c: Context) {
  for (const name of PAGE_COOKIES) dropPageCookie(c, name);
}

/** Tests whether the browser has kept a cookie of ours before. */
export const keepsCookies = (c: Context): boolean => /(^|; )__Host-/.test(c.req.header("cookie") ?? "");

const TTL_SECONDS = 1800;

/** Values that one page passes on to a later one: the typed identifier, and the return address. */
type Name = "identifier" | "return_to";

export const remember = (c: Context, name: Name, value: string) => setPageCookie(c, name, value, TTL_SECONDS);

export const remembered = (c: Context, name: Name) => pageCookie(c, name);

export const forget = (c: Context, name: Name) => dropPageCookie(c, name);

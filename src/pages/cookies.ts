import type { Context } from "hono";
import { hostCookie, setHostCookie } from "../http/host-cookie.ts";

/** Reads a cookie of the pages. Forms of other sites cannot use it. */
export const pageCookie = (c: Context, name: string): string | undefined => hostCookie(c, name);

/** Sets such a cookie. `maxAge` is in seconds. */
export const setPageCookie = (c: Context, name: string, value: string, maxAge: number) =>
  setHostCookie(c, name, value, { sameSite: "Lax", maxAge });

/** Deletes such a cookie if the request has it. */
export function dropPageCookie(c: Context, name: string) {
  if (pageCookie(c, name) !== undefined) setPageCookie(c, name, "", 0);
}

/** Tests whether the browser has kept a cookie of ours before. */
export const keepsCookies = (c: Context): boolean => /(^|; )__Host-/.test(c.req.header("cookie") ?? "");

const TTL_SECONDS = 1800;

/** Values that one page passes on to a later one: the typed identifier, and the return address. */
type Name = "identifier" | "return_to";

export const remember = (c: Context, name: Name, value: string) => setPageCookie(c, name, value, TTL_SECONDS);

export const remembered = (c: Context, name: Name) => pageCookie(c, name);

export const forget = (c: Context, name: Name) => dropPageCookie(c, name);

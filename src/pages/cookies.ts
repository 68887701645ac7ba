import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** A cookie that no script, no other host and no other site's form can use (RFC 6265bis §4.1.3.2). */
export const pageCookie = (c: Context, name: string): string | undefined => getCookie(c, name, "host");

/** `maxAge` in seconds. */
export const setPageCookie = (c: Context, name: string, value: string, maxAge: number) =>
  setCookie(c, name, value, { prefix: "host", httpOnly: true, sameSite: "Lax", maxAge });

/** Takes it back, where there is one. */
export function dropPageCookie(c: Context, name: string) {
  if (pageCookie(c, name) !== undefined) setPageCookie(c, name, "", 0);
}

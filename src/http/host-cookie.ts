/**
 * Cookies of this host: read, set and deleted.
 *
 * Each has the prefix `__Host-` (RFC 6265bis §4.1.3.2), so no other host can set it, and no script
 * can read it. Forms of other sites send it only with `SameSite=None`.
 */
import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";

interface CookieSettings {
  sameSite: "Lax" | "Strict" | "None";
  /** In seconds. 0 deletes the cookie. */
  maxAge: number;
}

/**
 * Reads a cookie. If there are two with this name, one is from before this service said
 * `Partitioned`. Browsers send the older one first (RFC 6265 §5.4), so the last one counts.
 */
export function hostCookie(c: Context, name: string): string | undefined {
  const newestFirst = (c.req.header("cookie") ?? "").split(";").reverse().join(";");
  return parse(newestFirst, `__Host-${name}`)[`__Host-${name}`];
}

/**
 * Sets or deletes a cookie. With `SameSite=None` it is `Partitioned` (CHIPS): browsers that block
 * third-party cookies then keep it, separately for each site that embeds or calls the service.
 */
export const setHostCookie = (c: Context, name: string, value: string, { sameSite, maxAge }: CookieSettings) =>
  setCookie(c, name, value, {
    prefix: "host",
    httpOnly: true,
    secure: true,
    sameSite,
    maxAge,
    partitioned: sameSite === "None",
  });

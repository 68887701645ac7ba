/**
 * Links in messages: their secret moves from the URL, which browsers and proxies keep, into a
 * cookie at once. The page at the new address reads it from there. GET and HEAD leave the link
 * unused: mail scanners follow it.
 */
import type { Context } from "hono";
import { isSecret } from "../crypto/one-time.ts";
import { dropPageCookie, pageCookie, setPageCookie } from "../http/page-cookies.ts";
import { toLinkToken } from "../schemas/typed.ts";

interface LinkPage {
  cookie: "reset_link" | "release_link" | "login_link";
  /** Where the page is that reads the cookie. */
  path: string;
}

/** Only the page after the redirect needs the cookie. Until then, a reload works too. */
const TTL_SECONDS = 600;

/** Takes the secret out of the URL. */
export function exchangeLink(c: Context, { cookie, path }: LinkPage, given: string) {
  const token = toLinkToken(given);
  if (isSecret(token)) setPageCookie(c, cookie, token, TTL_SECONDS);
  else dropPageCookie(c, cookie);
  return c.redirect(path, 303);
}

/** The secret of the link that was followed. */
export const followedLink = (c: Context, { cookie }: LinkPage): string | undefined => pageCookie(c, cookie);

/** Forgets the secret after it was used or refused. */
export const forgetLink = (c: Context, { cookie }: LinkPage) => dropPageCookie(c, cookie);

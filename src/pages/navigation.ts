/**
 * Who caused a navigation, by Fetch Metadata (https://w3c.github.io/webappsec-fetch-metadata/). A
 * redirect keeps the answer: after one hop through another site, no later hop is our own. Browsers
 * from before 2023 do not tell.
 */
import type { Context } from "hono";
import { preferencesOf } from "../http/request-context.ts";

/** Tests whether the user typed the address, or followed a link or a redirect of this service. */
export const isOwnNavigation = (c: Context): boolean =>
  ["same-origin", "none"].includes(c.req.header("sec-fetch-site") ?? "");

/** Tests whether another site, which may be a sibling domain, sent the user here. */
export const isForeignNavigation = (c: Context): boolean =>
  c.req.header("sec-fetch-site") !== undefined && !isOwnNavigation(c);

const HTML = /^(text\/(html|\*)|application\/xhtml\+xml)( *;|$)/i;
/** The Accept header of Java's HttpURLConnection, whose callers usually are no browsers. */
const JAVA = "text/html, image/gif, image/jpeg,";

/**
 * Tests whether a person reads the answer: browsers mark navigations, and text browsers, scripts
 * that load pages and old browsers accept HTML before JSON (RFC 9110 §12.5.1). Clients that accept
 * anything get JSON.
 */
export function wantsPage(c: Context): boolean {
  if (c.req.header("sec-fetch-mode") === "navigate") return true;
  const accept = c.req.header("accept") ?? "";
  const wanted = preferencesOf(accept).find((type) => HTML.test(type) || /[/+]json\b/i.test(type));
  return wanted !== undefined && HTML.test(wanted) && !accept.startsWith(JAVA);
}

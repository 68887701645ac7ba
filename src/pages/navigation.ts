/**
 * Who caused a navigation, by Fetch Metadata (https://w3c.github.io/webappsec-fetch-metadata/). A
 * redirect keeps the answer: after one hop through another site, no later hop is our own. Browsers
 * from before 2023 do not tell.
 */
import type { Context } from "hono";

/** Tests whether the user typed the address, or followed a link or a redirect of this service. */
export const isOwnNavigation = (c: Context): boolean =>
  ["same-origin", "none"].includes(c.req.header("sec-fetch-site") ?? "");

/** Tests whether another site, which may be a sibling domain, sent the user here. */
export const isForeignNavigation = (c: Context): boolean =>
  c.req.header("sec-fetch-site") !== undefined && !isOwnNavigation(c);

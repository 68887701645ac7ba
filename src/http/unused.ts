/**
 * Replacements for parts of Hono that this service does not use. See `alias` in wrangler.toml.
 */
import { UnsupportedPathError } from "hono/router";

/**
 * Hono's fastest router cannot hold the routes of this service: Hono tries it at the first request
 * and then takes `TrieRouter`.
 */
export class RegExpRouter {
  add() {
    throw new UnsupportedPathError();
  }
}

/** Of `app.mount`. */
export const createMountedRequest = undefined;

/** Of `c.req.parseBody`. `body.ts` reads forms with its own checks. */
export const parseBody = undefined;

/** What React 19 adds to elements such as `title` and `form`. */
export const components_exports = {};

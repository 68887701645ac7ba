/**
 * A replacement for hono's fastest router, which cannot hold the routes of this service: hono tries
 * it at the first request and then takes `TrieRouter`. See `alias` in wrangler.toml.
 */
import { UnsupportedPathError } from "hono/router";

export class RegExpRouter {
  add() {
    throw new UnsupportedPathError();
  }
}

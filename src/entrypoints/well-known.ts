/**
 * Public documents at well-known addresses (RFC 8615). Any origin may read them, without
 * credentials.
 */
import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { allowAnyOrigin } from "../http/headers.ts";

/**
 * Long enough to save requests, short enough that a new key is known before its first tokens are
 * old.
 */
const JWKS_MAX_AGE_SECONDS = 300;

export const wellKnown = new Hono<AppEnv>().use("/.well-known/*", allowAnyOrigin).get("/.well-known/jwks.json", (c) => {
  c.header("Cache-Control", `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
  return c.json(c.var.deps.tokens.keys.jwks);
});

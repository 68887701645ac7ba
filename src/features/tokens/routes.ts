import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";

/** Long enough to spare requests, short enough that a key is known before its first token is a few minutes old. */
const JWKS_MAX_AGE_SECONDS = 300;

export const tokensRoutes = new Hono<AppEnv>().get("/.well-known/jwks.json", (c) => {
  c.header("Cache-Control", `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
  c.header("Access-Control-Allow-Origin", "*");
  return c.json(c.var.deps.tokens.keys.jwks);
});

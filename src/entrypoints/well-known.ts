/**
 * Public documents at well-known addresses (RFC 8615). Any origin may read them, without
 * credentials.
 */
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { Deps } from "../deps.ts";
import { metadata } from "../features/oauth/metadata.ts";
import type { AppEnv } from "../http/app-env.ts";
import { allowAnyOrigin } from "../http/headers.ts";

/**
 * Long enough to save requests, short enough that a new key is known before its first tokens are
 * old.
 */
const MAX_AGE_SECONDS = 300;

const cacheable = createMiddleware((c, next) => {
  c.header("Cache-Control", `public, max-age=${MAX_AGE_SECONDS}`);
  return next();
});

/**
 * The origins that may use passkeys of this domain although it is not theirs (WebAuthn L3 §5.11):
 * the web pages of `ALLOWED_ORIGINS`. Browsers read no patterns.
 */
const relatedOrigins = ({ config: { ISSUER, ALLOWED_ORIGINS } }: Deps) =>
  [ISSUER, ...ALLOWED_ORIGINS].filter((origin) => /^https:/.test(origin) && !origin.includes("*"));

export const wellKnown = new Hono<AppEnv>()
  .use("/.well-known/*", allowAnyOrigin)
  .get("/.well-known/jwks.json", cacheable, (c) => c.json(c.var.deps.tokens.keys.jwks))
  .get("/.well-known/webauthn", cacheable, (c) => c.json({ origins: relatedOrigins(c.var.deps) }))
  .get("/.well-known/openid-configuration", cacheable, (c) => c.json(metadata(c.var.deps)))
  .get("/.well-known/oauth-authorization-server", cacheable, (c) => c.json(metadata(c.var.deps)));

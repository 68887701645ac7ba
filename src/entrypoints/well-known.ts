/**
 * Public documents at well-known addresses (RFC 8615). Any origin may read them, without
 * credentials.
 */
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { Deps } from "../deps.ts";
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

/** The claims of access tokens. `scope` is absent without an OAuth client. */
const CLAIMS = [
  "iss",
  "aud",
  "sub",
  "sid",
  "jti",
  "iat",
  "exp",
  "auth_time",
  "amr",
  "acr",
  "client_id",
  "email_verified",
  "roles",
];

/**
 * The metadata of OAuth 2.0 (RFC 8414 §2) and OpenID Connect Discovery 1.0 (§3). It is for services
 * that verify access tokens: they find the keys by it.
 *
 * There is no OAuth endpoint, so it names none: the forms of `/auth/login` know no clients. Both
 * documents require `response_types_supported`, and `grant_types_supported` defaults to grants that
 * do not exist, so both are empty lists. Verifiers read `id_token_signing_alg_values_supported` as
 * the algorithms of all tokens; no ID token exists.
 *
 * `ISSUER` has no path, so none is inserted after `/.well-known/…` (RFC 8414 §3.1).
 */
const metadata = ({ config, tokens }: Deps) => ({
  issuer: config.ISSUER,
  jwks_uri: `${config.ISSUER}/.well-known/jwks.json`,
  service_documentation: `${config.ISSUER}/docs`,
  response_types_supported: [],
  grant_types_supported: [],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: [...new Set(tokens.keys.verifying.map(({ alg }) => alg))],
  claims_supported: CLAIMS,
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

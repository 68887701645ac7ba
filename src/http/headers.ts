import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";
import { hasAllowedOrigin, isAllowedOrigin } from "./origin.ts";

const PREFLIGHT_MAX_AGE_SECONDS = 86_400;

/** Those of Hono's `secureHeaders`, whose code for its other options weighs more than this list. */
const SECURITY_HEADERS = {
  "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-DNS-Prefetch-Control": "off",
  "X-Download-Options": "noopen",
  "X-Frame-Options": "DENY",
  "X-Permitted-Cross-Domain-Policies": "none",
  "X-XSS-Protection": "0",
};

/** Sets the security headers of every response. A route that serves a page sets its own policy. */
export const securityHeaders = createMiddleware(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
});

/** Forbids caches to store a response, which may contain tokens, unless its route allows it. */
export const noStore = createMiddleware((c, next) => {
  c.header("Cache-Control", "no-store");
  return next();
});

/**
 * Allows frontends in `ALLOWED_ORIGINS` to call the API from a browser (CORS, Fetch Standard §3.3),
 * with any headers: tracing adds its own to every request.
 *
 * Hono's own middleware sets headers after the route has run, which creates three more Responses
 * for each request.
 */
export const allowOrigins = createMiddleware<AppEnv>(async (c, next) => {
  c.header("Vary", "Origin");
  const origin = c.req.header("origin");
  const isAllowed = origin !== undefined && isAllowedOrigin(c, origin);
  if (isAllowed) {
    c.header("Access-Control-Allow-Origin", origin);
    c.header("Access-Control-Allow-Credentials", "true");
    c.header("Access-Control-Expose-Headers", "Retry-After,WWW-Authenticate");
  }
  if (c.req.method !== "OPTIONS") return next();
  c.header("Vary", "Origin, Access-Control-Request-Headers");
  const requested = isAllowed ? c.req.header("access-control-request-headers") : undefined;
  return answerPreflight(c, requested || "Authorization,Content-Type");
});

/**
 * Responds with a failure that middleware finds before `allowOrigins`. Frontends can read it too:
 * without CORS headers, a browser would show a network error in its place.
 */
export const failReadably = async (c: Context<AppEnv>, failure: Err): Promise<Response> =>
  (hasAllowedOrigin(c) && (await allowOrigins(c, async () => {}))) || fail(c, failure);

/** Allows every origin to read a public document, without credentials. */
export const allowAnyOrigin = createMiddleware(async (c, next) => {
  c.header("Access-Control-Allow-Origin", "*");
  return c.req.method === "OPTIONS" ? answerPreflight(c, "*") : next();
});

function answerPreflight(c: Context, headers: string): Response {
  c.header("Access-Control-Allow-Methods", "GET,POST,PATCH,DELETE");
  c.header("Access-Control-Allow-Headers", headers);
  c.header("Access-Control-Max-Age", `${PREFLIGHT_MAX_AGE_SECONDS}`);
  return c.body(null, 204);
}

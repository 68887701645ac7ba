import type { Context } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "./app-env.ts";

const PREFLIGHT_MAX_AGE_SECONDS = 86_400;

/** What every answer bears. A route that shows something to a browser brings its own policy. */
export const securityHeaders = secureHeaders({
  overwrite: false,
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
  xFrameOptions: "DENY",
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** Answers hold tokens and profiles: no cache keeps one unless its route says so. */
export const noStore = createMiddleware(async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
});

/** Lets the frontends of `ALLOWED_ORIGINS` call from a browser, compared as whole strings. */
export const allowOrigins = cors({
  origin(origin, c: Context<AppEnv>) {
    if (!c.var.deps.config.ALLOWED_ORIGINS.includes(origin)) return null;
    c.header("Access-Control-Allow-Credentials", "true");
    return origin;
  },
  allowMethods: ["GET", "POST", "PATCH", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type"],
  exposeHeaders: ["Retry-After", "WWW-Authenticate"],
  maxAge: PREFLIGHT_MAX_AGE_SECONDS,
});

/**
 * The endpoints that OAuth clients call (RFC 6749, OpenID Connect). Their failures are RFC 6749
 * errors, and any page may call them, without cookies. The pages that users see on the way are
 * those of `pages.ts`.
 */
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { oauthRoutes } from "../features/oauth/routes.ts";
import type { AppEnv } from "../http/app-env.ts";
import { limitBody } from "../http/body.ts";
import { allowAnyOrigin } from "../http/headers.ts";
import { oauthError } from "../http/oauth-error.ts";

const PATHS = ["/token", "/device_authorization", "/revoke", "/introspect", "/userinfo", "/register"];

export const oauth = new Hono<AppEnv>();
const renderFailures = createMiddleware<AppEnv>((c, next) => {
  c.set("renderFailure", oauthError);
  return next();
});
for (const path of PATHS) oauth.use(path, allowAnyOrigin, renderFailures, limitBody);
oauth.route("/", oauthRoutes);

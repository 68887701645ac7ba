/**
 * The end user behind a backend that calls the API over HTTP, such as a server-rendered frontend.
 *
 * Otherwise, all users of the backend would share its network address, and thus one rate limit. The
 * backend proves itself with a value of `BACKEND_SECRET`. `User-Agent` and `Accept-Language` need
 * no proof: it passes on those of its user.
 */
import { createMiddleware } from "hono/factory";
import { isLoopback } from "../config/urls.ts";
import { isSame } from "../crypto/hmac.ts";
import { err } from "../result.ts";
import { LOOPBACK_NETWORKS } from "../schemas/message.ts";
import type { AppEnv } from "./app-env.ts";
import { failReadably } from "./headers.ts";
import { networkOf } from "./request-context.ts";

/**
 * Replaces the address of a backend by that of the end user whom it names.
 *
 * Errors: `invalid_backend_secret`, also for an address without a secret: silence would hide a
 * wrong setting until the rate limit of the backend is used up; `invalid_end_user_ip`.
 */
export const nameEndUser = createMiddleware<AppEnv>(async (c, next) => {
  const secret = c.req.header("gatehouse-backend-secret");
  const address = c.req.header("gatehouse-end-user-ip");
  // Without valid settings, only files are served.
  if ((secret === undefined && address === undefined) || !c.get("deps")) return next();

  const { config, requestContext } = c.var.deps;
  const isKnown = config.BACKEND_SECRET.some((expected) => isSame(expected, secret ?? ""));
  if (!isKnown) return failReadably(c, err("invalid_backend_secret"));
  const network = address === undefined ? requestContext.ip : networkOf(address);
  const isUser = network !== null && (isLoopback(config.ISSUER) || !LOOPBACK_NETWORKS.includes(network));
  if (address !== undefined && !isUser) return failReadably(c, err("invalid_end_user_ip"));
  requestContext.ip = network;
  return next();
});

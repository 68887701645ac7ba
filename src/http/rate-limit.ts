import { createMiddleware } from "hono/factory";
import { isLoopback } from "../config/urls.ts";
import type { Deps, RateLimitName } from "../deps.ts";
import type { Err } from "../result.ts";
import { LOOPBACK_NETWORKS } from "../schemas/message.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

export type { RateLimitName };

/**
 * Limits the requests per minute from one network address. wrangler.toml sets the limits; each
 * Cloudflare location counts by itself, and routes with the same limit share the count.
 *
 * A limiter that fails lets requests through, unless `FAIL_CLOSED` names rate limits: the limits in
 * D1 (lockouts, budgets) still apply. Loopback addresses are not limited in local development.
 * Errors: `too_many_requests`, `check_unavailable`.
 */
export const rateLimit = (name: RateLimitName) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const refused = await checkRateLimit(c.var.deps, name);
    return refused ? fail(c, refused) : next();
  });

/** Counts a request, for entry points without this middleware. Errors: `too_many_requests`. */
export async function checkRateLimit(
  { limit, config, requestContext: { ip } }: Deps,
  name: RateLimitName,
): Promise<Err | undefined> {
  if (ip === null || (isLoopback(config.ISSUER) && LOOPBACK_NETWORKS.includes(ip))) return undefined;
  const refused = await limit(name, ip);
  const site = siteOf(ip);
  // The site second, so that one /64 above its limit does not use up the count of its neighbors.
  return refused || !site ? refused : limit("sites", `${name} ${site}`);
}

/** Returns the /48 of an IPv6 address, of which one subscriber may hold every /64. */
const siteOf = (ip: string): string | undefined =>
  ip.endsWith("::/64") ? `${ip.split(":").slice(0, 3).join(":")}::/48` : undefined;

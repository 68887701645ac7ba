import { createMiddleware } from "hono/factory";
import type { Deps } from "../deps.ts";
import { logError } from "../log.ts";
import { type Err, err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";
import type { RateLimitName } from "./operation.ts";

const BINDINGS = {
  credentials: "RATE_LIMIT_CREDENTIALS",
  messages: "RATE_LIMIT_MESSAGES",
  registration: "RATE_LIMIT_REGISTRATION",
} as const;

/** Loopback addresses, only seen in local development. They are not limited. */
const LOOPBACK = ["127.0.0.1", "0:0:0:0::/64"];

/**
 * Limits the requests per minute from one network address. wrangler.toml sets the limits; each
 * Cloudflare location counts by itself, and routes with the same limit share the count.
 *
 * A limiter that fails lets requests through, unless `FAIL_CLOSED` names rate limits: the limits in
 * D1 (lockouts, budgets) still apply. Errors: `too_many_requests`, `check_unavailable`.
 */
export const rateLimit = (name: RateLimitName) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const refused = await checkRateLimit(c.env, c.var.deps, name);
    return refused ? fail(c, refused) : next();
  });

/** Counts a request, for entry points without this middleware. Errors: those of `rateLimit`. */
export async function checkRateLimit(
  env: Env,
  { config, requestContext: { ip } }: Pick<Deps, "config" | "requestContext">,
  name: RateLimitName,
): Promise<Err | undefined> {
  if (ip === null || LOOPBACK.includes(ip)) return undefined;
  const allowed = await allows(env[BINDINGS[name]], ip);
  if (allowed === "unavailable")
    return config.FAIL_CLOSED.includes("rate_limits") ? err("check_unavailable") : undefined;
  return allowed ? undefined : err("too_many_requests");
}

async function allows(limiter: RateLimit, key: string): Promise<boolean | "unavailable"> {
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    logError("limiter_failed", error as Error);
    return "unavailable";
  }
}

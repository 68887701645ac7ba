import { createMiddleware } from "hono/factory";
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

/** A developer's own machine, which no address at the edge is. */
const LOOPBACK = ["127.0.0.1", "0:0:0:0::/64"];

/** Lets as many requests a minute from one address through as wrangler.toml says, counted by each location, and answers the
 *  rest `too_many_requests`. Routes of one kind share a count, under whatever path. A limiter that fails lets everything
 *  through: what is counted in D1 still holds. */
export const rateLimit = (name: RateLimitName) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const refused = await checkRateLimit(c.env, c.var.deps.requestContext.ip, name);
    return refused ? fail(c, refused) : next();
  });

/** The same for any door: `too_many_requests`. */
export async function checkRateLimit(env: Env, ip: string | null, name: RateLimitName): Promise<Err | undefined> {
  const isLimited = ip !== null && !LOOPBACK.includes(ip);
  return isLimited && !(await allows(env[BINDINGS[name]], ip)) ? err("too_many_requests") : undefined;
}

async function allows(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    logError("limiter_failed", error as Error);
    return true;
  }
}

import { createMiddleware } from "hono/factory";
import { logError } from "../log.ts";
import { type Err, err } from "../result.ts";
import type { AppEnv } from "./app-env.ts";
import type { Limit } from "./operation.ts";
import { problem } from "./problem.ts";

const BINDINGS = { guess: "LIMIT_GUESS", send: "LIMIT_SEND", create: "LIMIT_CREATE" } as const;

/** A developer's own machine, which no address at the edge is. */
const LOOPBACK = ["127.0.0.1", "0:0:0:0::/64"];

/** Lets as many requests a minute from one address through as wrangler.toml says, counted by each location, and answers the
 *  rest `too_many_requests`. Routes of one kind share a count, under whatever path. A limiter that fails lets everything
 *  through: what is counted in D1 still holds. */
export const limit = (kind: Limit) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const refused = await refuseTooMany(c.env, c.var.deps.client.ip, kind);
    return refused ? problem(c, refused) : next();
  });

/** The same for any door: `too_many_requests`. */
export async function refuseTooMany(env: Env, ip: string | null, kind: Limit): Promise<Err | undefined> {
  const isLimited = ip !== null && !LOOPBACK.includes(ip);
  return isLimited && !(await allows(env[BINDINGS[kind]], ip)) ? err("too_many_requests") : undefined;
}

async function allows(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    logError("limiter_failed", error as Error);
    return true;
  }
}

import { createMiddleware } from "hono/factory";
import { logError } from "../log.ts";
import { err } from "../result.ts";
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
    const { ip } = c.var.deps.client;
    const isLimited = ip !== null && !LOOPBACK.includes(ip);
    if (isLimited && !(await allows(c.env[BINDINGS[kind]], ip))) return problem(c, err("too_many_requests"));
    return next();
  });

async function allows(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    logError("limiter_failed", error as Error);
    return true;
  }
}

import { createMiddleware } from "hono/factory";
import { err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Refuses HEAD, for which Hono runs the handler of GET: that would use up a code or a state.
 * `allowed` are the methods of the path.
 */
export const refuseHead = (allowed: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method !== "HEAD") return next();
    c.header("Allow", allowed);
    return fail(c, err("method_not_allowed"));
  });

import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { logRequest } from "../log.ts";
import { measureRequest, metricsOf } from "../metrics.ts";
import type { AppEnv } from "./app-env.ts";
import { rayOf } from "./request-context.ts";

/**
 * Logs and measures each request: the route template instead of the path, which may contain a
 * secret, and neither the query nor the body. In production the clock stops while a Worker
 * computes, so `ms` is the time spent waiting for I/O.
 */
export const requestLog = createMiddleware<AppEnv>(async (c, next) => {
  const startedAt = Date.now();
  await next();
  const line = {
    method: c.req.method,
    route: matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"))?.path ?? "/*",
    status: c.res.status,
    ms: Date.now() - startedAt,
    code: c.get("code"),
    ray: rayOf((name) => c.req.header(name)) ?? undefined,
  };
  logRequest(line);
  measureRequest(metricsOf(c.env), line);
});

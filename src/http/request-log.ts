import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { logRequest } from "../log.ts";
import type { AppEnv } from "./app-env.ts";
import { rayOf } from "./request-context.ts";

/** One line for each request, of what is ours alone: the route's template instead of its path, whose parts may be secrets,
 *  and neither query nor body. In production the clock stands still while the Worker computes: `ms` is what it waited. */
export const requestLog = createMiddleware<AppEnv>(async (c, next) => {
  const startedAt = Date.now();
  await next();
  logRequest({
    method: c.req.method,
    route: matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"))?.path ?? "/*",
    status: c.res.status,
    ms: Date.now() - startedAt,
    code: c.get("code"),
    ray: rayOf((name) => c.req.header(name)) ?? undefined,
  });
});

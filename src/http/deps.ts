import { createMiddleware } from "hono/factory";
import { createDeps } from "../deps.ts";
import { logMisconfigured } from "../log.ts";
import type { AppEnv } from "./app-env.ts";
import { problem } from "./problem.ts";
import { requestContextOf } from "./request-context.ts";

/** Gives every request its world as `c.var.deps`; without its settings the service answers nothing else. */
export const provideDeps = createMiddleware<AppEnv>(async (c, next) => {
  const deps = await createDeps(
    c.env,
    c.executionCtx,
    requestContextOf((name) => c.req.header(name)),
  );
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    return problem(c, deps);
  }
  c.set("deps", deps.value);
  return next();
});

import { createMiddleware } from "hono/factory";
import { createDeps } from "../deps.ts";
import { logMisconfigured } from "../log.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";
import { requestContextOf } from "./request-context.ts";

/** Sets `c.var.deps`. Errors: `misconfigured` for every request while a setting is invalid. */
export const provideDeps = createMiddleware<AppEnv>(async (c, next) => {
  const deps = await createDeps(
    c.env,
    c.executionCtx,
    requestContextOf((name) => c.req.header(name)),
  );
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    return fail(c, deps);
  }
  c.set("deps", deps.value);
  return next();
});

import { createMiddleware } from "hono/factory";
import type { LoginMethod } from "../contract/factors.ts";
import { refuseMethod } from "../schemas/login-methods.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

/** Hides the pages of methods none of which `LOGIN_METHODS` lists. Errors: `not_found`. */
export const needsMethod = (...methods: LoginMethod[]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const off = refuseMethod(c.var.deps, ...methods);
    return off ? fail(c, off) : next();
  });

import { createMiddleware } from "hono/factory";
import type { LoginMethod } from "../contract/factors.ts";
import { refuseMethod } from "../schemas/login-methods.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

/** Hides the pages of a method that `LOGIN_METHODS` does not list. Errors: `not_found`. */
export const needsMethod = (method: LoginMethod) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const off = refuseMethod(c.var.deps, method);
    return off ? fail(c, off) : next();
  });

import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { problem } from "../../http/problem.ts";
import { currentUser } from "./account.ts";

export const accountRoutes = new Hono<AppEnv>().on("GET", ["/users/me", "/auth/me"], bearer, async (c) => {
  const user = await currentUser(c.var.deps, c.var.auth);
  return user.ok ? c.json(user.value) : problem(c, user.code, user.errors);
});

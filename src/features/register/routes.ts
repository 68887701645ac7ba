import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { limit } from "../../http/limit.ts";
import { problem } from "../../http/problem.ts";
import { Register, register } from "./register.ts";

export const registerRoutes = new Hono<AppEnv>().post("/register", limit("create"), body(Register), async (c) => {
  const registered = await register(c.var.deps, c.req.valid("json"));
  return registered.ok ? c.json(registered.value, 201) : problem(c, registered);
});

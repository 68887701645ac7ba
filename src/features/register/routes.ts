import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { Register, register } from "./register.ts";

export const registerRoutes = new Hono<AppEnv>().post(
  "/register",
  rateLimit("registration"),
  body(Register),
  async (c) => {
    const registered = await register(c.var.deps, c.req.valid("json"));
    return registered.ok ? c.json(registered.value, 201) : problem(c, registered);
  },
);

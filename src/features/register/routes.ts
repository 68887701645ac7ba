import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { Register, RegisterOptions, register, registerOptions } from "./register.ts";

export const registerRoutes = new Hono<AppEnv>()
  .post("/register/options", body(RegisterOptions), async (c) =>
    answer(c, await registerOptions(c.var.deps, c.req.valid("json"))),
  )
  .post("/register", rateLimit("registration"), body(Register), async (c) =>
    answer(c, await register(c.var.deps, c.req.valid("json")), 201),
  );

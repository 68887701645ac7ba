import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { ResendCode, requestCode, Verify, verify } from "./verification.ts";

export const verificationRoutes = new Hono<AppEnv>()
  .post("/verify", rateLimit("credentials"), body(Verify), async (c) => {
    const verified = await verify(c.var.deps, c.req.valid("json"));
    return verified.ok ? c.body(null, 204) : problem(c, verified);
  })
  .post("/verify/resend", rateLimit("messages"), body(ResendCode), async (c) => {
    const requested = await requestCode(c.var.deps, c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  });

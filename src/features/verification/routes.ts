import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { ResendCode, requestCode, Verify, verify } from "./verification.ts";

export const verificationRoutes = new Hono<AppEnv>()
  .post("/verify", rateLimit("credentials"), body(Verify), async (c) =>
    answer(c, await verify(c.var.deps, c.req.valid("json")), 204),
  )
  .post("/verify/resend", rateLimit("messages"), body(ResendCode), async (c) =>
    answer(c, await requestCode(c.var.deps, c.req.valid("json")), 202),
  );

import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import {
  RequestReset,
  ResetByCode,
  ResetByLink,
  ResetByLinkInPath,
  requestReset,
  resetByCode,
  resetByLink,
} from "./password-reset.ts";

export const passwordResetRoutes = new Hono<AppEnv>()
  .post("/forgot-password", rateLimit("messages"), body(RequestReset), async (c) => {
    const requested = await requestReset(c.var.deps, "password-reset-link", c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  })
  .post("/request-reset", rateLimit("messages"), body(RequestReset), async (c) => {
    const requested = await requestReset(c.var.deps, "password-reset-code", c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  })
  .post("/reset-password", rateLimit("credentials"), body(ResetByLink), async (c) => {
    const reset = await resetByLink(c.var.deps, c.req.valid("json"));
    return reset.ok ? c.body(null, 204) : problem(c, reset);
  })
  .post("/reset-password/:token", rateLimit("credentials"), body(ResetByLinkInPath), async (c) => {
    const reset = await resetByLink(c.var.deps, { token: c.req.param("token"), ...c.req.valid("json") });
    return reset.ok ? c.body(null, 204) : problem(c, reset);
  })
  .post("/verify-reset", rateLimit("credentials"), body(ResetByCode), async (c) => {
    const reset = await resetByCode(c.var.deps, c.req.valid("json"));
    return reset.ok ? c.body(null, 204) : problem(c, reset);
  });

import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
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

const credentials = rateLimit("credentials");
const messages = rateLimit("messages");

export const passwordResetRoutes = new Hono<AppEnv>()
  .post("/forgot-password", messages, body(RequestReset), async (c) =>
    answer(c, await requestReset(c.var.deps, "password-reset-link", c.req.valid("json")), 202),
  )
  .post("/request-reset", messages, body(RequestReset), async (c) =>
    answer(c, await requestReset(c.var.deps, "password-reset-code", c.req.valid("json")), 202),
  )
  .post("/reset-password", credentials, body(ResetByLink), async (c) =>
    answer(c, await resetByLink(c.var.deps, c.req.valid("json")), 204),
  )
  .post("/reset-password/:token", credentials, body(ResetByLinkInPath), async (c) =>
    answer(c, await resetByLink(c.var.deps, { token: c.req.param("token"), ...c.req.valid("json") }), 204),
  )
  .post("/verify-reset", credentials, body(ResetByCode), async (c) =>
    answer(c, await resetByCode(c.var.deps, c.req.valid("json")), 204),
  );

import { type Context, Hono } from "hono";
import type { DeviceTokenAnswer, Transport } from "../../contract/tokens.ts";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { setDeviceCookie } from "../../http/device-cookie.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import type { Result } from "../../result.ts";
import { toLinkToken } from "../../schemas/typed.ts";
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
    answerReset(c, c.req.valid("json").transport, await resetByLink(c.var.deps, c.req.valid("json"))),
  )
  .post("/reset-password/:token", credentials, body(ResetByLinkInPath), async (c) =>
    answerReset(
      c,
      c.req.valid("json").transport,
      await resetByLink(c.var.deps, { token: toLinkToken(c.req.param("token")), ...c.req.valid("json") }),
    ),
  )
  .post("/verify-reset", credentials, body(ResetByCode), async (c) =>
    answerReset(c, c.req.valid("json").transport, await resetByCode(c.var.deps, c.req.valid("json"))),
  );

/** Responds to a reset. The device is known from now on, by a cookie if not by the body. */
function answerReset<E extends AppEnv>(
  c: Context<E>,
  transport: Transport | undefined,
  done: Result<DeviceTokenAnswer>,
) {
  if (transport === "body") return answer(c, done);
  if (done.ok) setDeviceCookie(c, done.value.device_token);
  return answer(c, done, 204);
}

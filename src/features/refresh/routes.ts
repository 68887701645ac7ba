import { Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { optionalBody } from "../../http/body.ts";
import { answerTokens, refreshTokenOf } from "../../http/refresh-cookie.ts";
import { Refresh, refresh } from "./refresh.ts";

export const refreshRoutes = new Hono<AppEnv>().post("/refresh", optionalBody(Refresh), async (c) => {
  const presented = refreshTokenOf(c, c.req.valid("json").refresh_token);
  if (!presented.ok) return fail(c, presented);

  const { token, transport } = presented.value;
  const tokens = await refresh(c.var.deps, token);
  return tokens.ok ? answerTokens(c, tokens.value, transport) : fail(c, tokens);
});

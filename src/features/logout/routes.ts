import { Hono } from "hono";
import { answer, fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearerToken } from "../../http/bearer.ts";
import { optionalBody } from "../../http/body.ts";
import { clearRefreshCookie, refreshTokenOf } from "../../http/refresh-cookie.ts";
import { Logout, logout } from "./logout.ts";

export const logoutRoutes = new Hono<AppEnv>().post("/logout", optionalBody(Logout), async (c) => {
  const { refresh_token, scope } = c.req.valid("json");
  const access_token = bearerToken(c);
  const refresh = refreshTokenOf(c, refresh_token);
  if (!refresh.ok && !access_token) return fail(c, refresh);

  const tokens = { refresh_token: refresh.ok ? refresh.value : undefined, access_token };
  const ended = await logout(c.var.deps, { ...tokens, scope });
  if (scope !== "others") clearRefreshCookie(c, ended.ok ? ended.value : undefined);
  return answer(c, ended, 204);
});

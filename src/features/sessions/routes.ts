import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer, bearerToken } from "../../http/bearer.ts";
import { optionalBody } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { clearRefreshCookie, refreshTokenOf } from "../../http/refresh-cookie.ts";
import { Logout, logout, ownSessions, revokeSession } from "./sessions.ts";

export const sessionsRoutes = new Hono<AppEnv>()
  .post("/auth/logout", optionalBody(Logout), async (c) => {
    const { refresh_token, scope } = c.req.valid("json");
    const access_token = bearerToken(c);
    const refresh = refreshTokenOf(c, refresh_token);
    if (!refresh.ok && !access_token) return problem(c, refresh);

    const tokens = { refresh_token: refresh.ok ? refresh.value : undefined, access_token };
    const ended = await logout(c.var.deps, { ...tokens, scope });
    if (scope !== "others") clearRefreshCookie(c, ended.ok ? ended.value : undefined);
    return ended.ok ? c.body(null, 204) : problem(c, ended);
  })
  .get("/users/me/sessions", bearer, async (c) => {
    const sessions = await ownSessions(c.var.deps, c.var.auth);
    return sessions.ok ? c.json(sessions.value) : problem(c, sessions);
  })
  .delete("/users/me/sessions/:id", bearer, async (c) => {
    const revoked = await revokeSession(c.var.deps, c.var.auth, c.req.param("id"));
    if (!revoked.ok) return problem(c, revoked);
    clearRefreshCookie(c, c.req.param("id"));
    return c.body(null, 204);
  });

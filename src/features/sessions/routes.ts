import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer, bearerToken } from "../../http/bearer.ts";
import { optionalBody } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { clearRefreshCookie, refreshTokenOf } from "../../http/refresh-cookie.ts";
import { ok } from "../../result.ts";
import { Logout, logout, ownSessions, revokeSession } from "./sessions.ts";

export const sessionsRoutes = new Hono<AppEnv>()
  .post("/auth/logout", optionalBody(Logout), async (c) => {
    const { refresh_token, scope } = c.req.valid("json");
    const presented = presentedToken(c, refresh_token);
    if (!presented.ok) return problem(c, presented.code);

    const ended = await logout(c.var.deps, { ...presented.value, scope });
    if (!ended.ok) return problem(c, ended.code, ended.errors);
    if (scope !== "others") clearRefreshCookie(c);
    return c.body(null, 204);
  })
  .get("/users/me/sessions", bearer, async (c) => {
    const sessions = await ownSessions(c.var.deps, c.var.auth);
    return sessions.ok ? c.json(sessions.value) : problem(c, sessions.code, sessions.errors);
  })
  .delete("/users/me/sessions/:id", bearer, async (c) => {
    const revoked = await revokeSession(c.var.deps, c.var.auth, c.req.param("id"));
    return revoked.ok ? c.body(null, 204) : problem(c, revoked.code, revoked.errors);
  });

/** A token in the body goes before one in the header, and that before the cookie, which comes unasked. */
function presentedToken(c: Context<AppEnv>, given: string | undefined) {
  const access_token = given ? undefined : bearerToken(c);
  if (access_token) return ok({ access_token });

  const refresh = refreshTokenOf(c, given);
  return refresh.ok ? ok({ refresh_token: refresh.value.token }) : refresh;
}

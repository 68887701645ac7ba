import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { clearRefreshCookie } from "../../http/refresh-cookie.ts";
import { endOwnSession, ownSessions } from "./sessions.ts";

export const sessionsRoutes = new Hono<AppEnv>()
  .get("/users/me/sessions", bearer, async (c) => answer(c, await ownSessions(c.var.deps, c.var.session)))
  .delete("/users/me/sessions/:id", bearer, async (c) => {
    const id = c.req.param("id");
    const ended = await endOwnSession(c.var.deps, c.var.session, id);
    if (ended.ok) clearRefreshCookie(c, id);
    return answer(c, ended, 204);
  });

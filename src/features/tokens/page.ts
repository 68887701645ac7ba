import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import { ownPath } from "../../pages/return-to.ts";
import { forgetSession, keepSession, refreshTokenIn } from "../../pages/session.ts";
import { refresh } from "./tokens.ts";

/** Renews the session of a page that was asked for, or of a form that was sent (307, which has the browser send it again). */
export const renewPages = new Hono<AppEnv>().on(["GET", "POST"], "/session/renew", async (c) => {
  const to = ownPath(c, c.req.query("to"));
  const tokens = await refresh(c.var.deps, refreshTokenIn(c).token);
  if (tokens.ok) {
    keepSession(c, tokens.value);
    return c.redirect(to, c.req.method === "GET" ? 303 : 307);
  }
  if (tokens.code !== "invalid_refresh_token" && tokens.code !== "refresh_token_reused") return problem(c, tokens);

  forgetSession(c);
  return c.redirect(`/sign-in?${new URLSearchParams({ return_to: to })}`, 303);
});

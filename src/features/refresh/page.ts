import { type Context, Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { fromOwnPage } from "../../pages/form.ts";
import { ownPath, parseReturnTo } from "../../pages/return-to.ts";
import { forgetSession, keepSession, refreshTokenIn } from "../../pages/session.ts";
import { refresh } from "./refresh.ts";

export const renewPages = new Hono<AppEnv>()
  /** Renews the session on the way to a page of this service or of a frontend. */
  .get("/session/renew", (c) => {
    const to = parseReturnTo(c, c.req.query("to"));
    const back = to ? `?${new URLSearchParams({ return_to: to.address })}` : "";
    return renew(c, () => c.redirect(to?.address ?? "/account", 303), `/sign-in${back}`);
  })
  /**
   * Renews the session of a form: 307 makes the browser send it again. Without a session the form
   * is lost.
   */
  .post("/session/renew", fromOwnPage, (c) =>
    renew(c, () => c.redirect(ownPath(c, c.req.query("to")), 307), "/sign-in"),
  );

async function renew(c: Context<AppEnv>, goOn: () => Response, signIn: string): Promise<Response> {
  const tokens = await refresh(c.var.deps, refreshTokenIn(c).token);
  if (tokens.ok) {
    keepSession(c, tokens.value);
    return goOn();
  }
  if (tokens.code !== "invalid_refresh_token" && tokens.code !== "refresh_token_reused") return fail(c, tokens);
  forgetSession(c);
  return c.redirect(signIn, 303);
}

import { type Context, Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { fromOwnPage } from "../../pages/form.ts";
import { LANGUAGE_PATH } from "../../pages/language-switch.tsx";
import { isForeignNavigation } from "../../pages/navigation.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { carryReturn, isFrontend, ownPath, parseReturnTo, type ReturnTo } from "../../pages/return-to.ts";
import { forgetSession, keepSession, refreshTokenIn } from "../../pages/session.ts";
import { askToSendAgain } from "../../pages/unsent-form.ts";
import { hasActiveSession, refresh } from "./refresh.ts";

export const renewPages = new Hono<AppEnv>()
  /**
   * Renews the session on the way to a page of this service or of a frontend. Another site must not
   * cause that: if it keeps the browser from storing the new token, for example by closing the
   * window, the next use of the old one counts as reuse and ends the session.
   */
  .get("/session/renew", (c) => {
    const to = parseReturnTo(c, c.req.query("to"));
    const signIn = carryReturn("/sign-in", to);
    if (!isForeignNavigation(c)) {
      return renew(
        c,
        () => c.redirect(to?.address ?? "/account", 303),
        () => c.redirect(signIn, 303),
      );
    }
    return to && isFrontend(c, to) ? returnToFrontend(c, to, signIn) : askToContinue(c);
  })
  /**
   * Renews the session of a form: 307 makes the browser send it again. Without a session the form
   * does nothing, unless it needs none.
   */
  .post("/session/renew", fromOwnPage, (c) => {
    const to = ownPath(c, c.req.query("to"));
    return renew(
      c,
      () => c.redirect(to, 307),
      () => (to === LANGUAGE_PATH ? c.redirect(to, 307) : askToSendAgain(c, to)),
    );
  });

type Lead = () => Response | Promise<Response>;

async function renew(c: Context<AppEnv>, goOn: Lead, askToSignIn: Lead): Promise<Response> {
  const tokens = await refresh(c.var.deps, refreshTokenIn(c).token);
  if (tokens.ok) {
    keepSession(c, tokens.value);
    return goOn();
  }
  if (tokens.code !== "invalid_refresh_token" && tokens.code !== "refresh_token_reused") return fail(c, tokens);
  forgetSession(c);
  return askToSignIn();
}

/** Returns to a frontend without a renewal: it calls `POST /auth/refresh` itself. */
async function returnToFrontend(c: Context<AppEnv>, to: ReturnTo, signIn: string): Promise<Response> {
  if (await hasActiveSession(c.var.deps, refreshTokenIn(c).token)) return c.redirect(to.address, 303);
  forgetSession(c);
  return c.redirect(signIn, 303);
}

/** Shows a link to this address. A user who follows it navigates from our own page. */
async function askToContinue(c: Context<AppEnv>) {
  const t = await translations(c);
  const { pathname, search } = new URL(c.req.url);
  const children = (
    <>
      <p>{t.login.continue.text}</p>
      <a class="button" href={pathname + search}>
        {t.login.continue.link}
      </a>
    </>
  );
  return showPage(c, { title: t.login.continue.title, children });
}

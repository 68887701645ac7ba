import { Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { isForm, readForm } from "../../http/body.ts";
import { fromOwnPage } from "../../pages/form.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { carryReturn, parseReturnTo } from "../../pages/return-to.ts";
import { accessTokenIn, forgetSession, refreshTokenIn } from "../../pages/session.ts";
import { logout } from "./logout.ts";

export const signOutPages = new Hono<AppEnv>()
  // Apps link here and people type it. No link may sign anyone out, so a form asks.
  .get("/sign-out", async (c) => {
    if (!refreshTokenIn(c).token) return c.redirect("/signed-out", 303);
    const t = await translations(c);
    const children = (
      <>
        <form method="post" action="/sign-out">
          <button type="submit">{t.account.nav.signOut}</button>
        </form>
        <a class="button secondary" href="/account">
          {t.sessions.signOut.stay}
        </a>
      </>
    );
    return showPage(c, { title: t.sessions.signOut.title, children });
  })
  .post("/sign-out", fromOwnPage, async (c) => {
    const refresh_token = refreshTokenIn(c);
    // The refresh token names the session: the API may have opened another one since the access
    // token was issued.
    const access_token = refresh_token.token ? undefined : accessTokenIn(c);
    const ended = await logout(c.var.deps, { refresh_token, access_token, scope: "local" });
    // A token that is not valid has no session to end.
    if (!ended.ok && ended.code !== "invalid_refresh_token" && ended.code !== "unauthenticated") return fail(c, ended);
    forgetSession(c);
    const form = isForm(c) ? await readForm(c) : undefined;
    const to = parseReturnTo(c, form?.["return_to"]);
    return c.redirect(to ? carryReturn("/sign-in", to) : "/signed-out", 303);
  })
  .get("/signed-out", async (c) => {
    const t = await translations(c);
    const { title, text } = c.req.query("notice") === "deleted" ? t.sessions.deleted : t.sessions.signedOut;
    const children = (
      <>
        <p>{text}</p>
        <a class="button" href="/sign-in">
          {t.login.signIn}
        </a>
      </>
    );
    return showPage(c, { title, children });
  });

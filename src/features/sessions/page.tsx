import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import type { PageMessages } from "../../locales/messages.ts";
import { AccountNav } from "../../pages/account-nav.tsx";
import { Notice } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { localeOf, showPage, translations } from "../../pages/page.tsx";
import {
  accessTokenIn,
  actionOf,
  askToSignIn,
  forgetSession,
  refreshTokenIn,
  type SignedInEnv,
  signedIn,
} from "../../pages/session.ts";
import { describeDevice, timesIn } from "../../pages/texts.ts";
import type { SessionList } from "./session.ts";
import { logout, ownSessions, revokeSession } from "./sessions.ts";

const OneSession = z.strictObject({ id: z.string() });

/** What ends a session when no page is needed for it. */
const signOutPages = new Hono<AppEnv>()
  .post("/sign-out", fromOwnPage, async (c) => {
    const refresh_token = refreshTokenIn(c);
    // The refresh token says which session it is; the API may have begun another one since the access token was made.
    const access_token = refresh_token.token ? undefined : accessTokenIn(c);
    const ended = await logout(c.var.deps, { refresh_token, access_token, scope: "local" });
    // What is none of ours there is nothing to end of.
    if (!ended.ok && ended.code !== "invalid_refresh_token" && ended.code !== "unauthenticated")
      return problem(c, ended);
    forgetSession(c);
    return c.redirect("/signed-out", 303);
  })
  .get("/signed-out", (c) => {
    const t = translations(c);
    const isDeleted = c.req.query("notice") === "deleted";
    const children = (
      <>
        <p>{isDeleted ? t.texts.deleted : t.texts.signedOut}</p>
        <nav>
          <a href="/sign-in">{t.links.signIn}</a>
        </nav>
      </>
    );
    return showPage(c, { title: isDeleted ? t.titles.deleted : t.titles.signedOut, children });
  });

const listPages = new Hono<SignedInEnv>()
  .get("/account/sessions", signedIn, async (c) => {
    const listed = await ownSessions(c.var.deps, c.var.auth);
    if (!listed.ok) return listed.code === "unauthenticated" ? askToSignIn(c) : problem(c, listed);

    const t = translations(c);
    const timeOf = timesIn(localeOf(c));
    const endAction = actionOf(c, "/account/sessions/end");
    const children = (
      <>
        <AccountNav t={t} path={c.req.path} />
        {c.req.query("notice") === "ended" && <Notice>{t.notices.ended}</Notice>}
        <ul class="list">
          {listed.value.sessions.map((session) => (
            <Session t={t} timeOf={timeOf} session={session} endAction={endAction} />
          ))}
        </ul>
        <form method="post" action={actionOf(c, "/account/sessions/end-others")}>
          <button type="submit">{t.actions.endOthers}</button>
        </form>
      </>
    );
    return showPage(c, { title: t.titles.sessions, children });
  })
  .post("/account/sessions/end", fromOwnPage, signedIn, async (c) => {
    const { parsed } = await readSubmitted(c, OneSession);
    if (!parsed.ok) return problem(c, parsed);
    const { id } = parsed.value;
    const ended = await revokeSession(c.var.deps, c.var.auth, id);
    if (!ended.ok && ended.code !== "not_found")
      return ended.code === "unauthenticated" ? askToSignIn(c) : problem(c, ended);
    if (id !== c.var.auth.sid) return c.redirect("/account/sessions?notice=ended", 303);
    forgetSession(c);
    return c.redirect("/signed-out", 303);
  })
  .post("/account/sessions/end-others", fromOwnPage, signedIn, async (c) => {
    const ended = await logout(c.var.deps, { access_token: accessTokenIn(c), scope: "others" });
    return ended.ok ? c.redirect("/account/sessions?notice=ended", 303) : problem(c, ended);
  });

export const sessionPages = new Hono<AppEnv>().route("/", signOutPages).route("/", listPages);

interface SessionProps {
  t: PageMessages;
  timeOf: (iso: string) => string;
  session: SessionList["sessions"][number];
  endAction: string;
}

function Session({ t, timeOf, session, endAction }: SessionProps) {
  const name = describeDevice(t, session.device);
  const lastUsed = t.lastUsed(timeOf(session.last_used_at));
  return (
    <li>
      <div>
        <b>{name}</b> {session.current && <em>({t.texts.thisDevice})</em>}
        <br />
        <small>
          {session.ip} {lastUsed}
        </small>
      </div>
      <form method="post" action={endAction}>
        <input type="hidden" name="id" value={session.id} />
        <button type="submit" aria-label={`${t.actions.end}: ${name}, ${lastUsed}`}>
          {t.actions.end}
        </button>
      </form>
    </li>
  );
}

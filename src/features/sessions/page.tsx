import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import type { PageWords } from "../../locales/words.ts";
import { AccountNav } from "../../pages/account-nav.tsx";
import { Notice } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { localeOf, sayingsOf, showPage } from "../../pages/page.tsx";
import {
  accessTokenIn,
  actionOf,
  askToSignIn,
  forgetSession,
  refreshTokenIn,
  type SignedInEnv,
  signedIn,
} from "../../pages/session.ts";
import { deviceName, timesIn } from "../../pages/texts.ts";
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
    const say = sayingsOf(c);
    const isDeleted = c.req.query("notice") === "deleted";
    const children = (
      <>
        <p>{isDeleted ? say.texts.deleted : say.texts.signedOut}</p>
        <nav>
          <a href="/sign-in">{say.links.signIn}</a>
        </nav>
      </>
    );
    return showPage(c, { title: isDeleted ? say.titles.deleted : say.titles.signedOut, children });
  });

const listPages = new Hono<SignedInEnv>()
  .get("/account/sessions", signedIn, async (c) => {
    const listed = await ownSessions(c.var.deps, c.var.auth);
    if (!listed.ok) return listed.code === "unauthenticated" ? askToSignIn(c) : problem(c, listed);

    const say = sayingsOf(c);
    const timeOf = timesIn(localeOf(c));
    const endAction = actionOf(c, "/account/sessions/end");
    const children = (
      <>
        <AccountNav say={say} path={c.req.path} />
        {c.req.query("notice") === "ended" && <Notice>{say.notices.ended}</Notice>}
        <ul class="list">
          {listed.value.sessions.map((session) => (
            <Session say={say} timeOf={timeOf} session={session} endAction={endAction} />
          ))}
        </ul>
        <form method="post" action={actionOf(c, "/account/sessions/end-others")}>
          <button type="submit">{say.actions.endOthers}</button>
        </form>
      </>
    );
    return showPage(c, { title: say.titles.sessions, children });
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
  say: PageWords;
  timeOf: (iso: string) => string;
  session: SessionList["sessions"][number];
  endAction: string;
}

function Session({ say, timeOf, session, endAction }: SessionProps) {
  const name = deviceName(say, session.device);
  const lastUsed = say.lastUsed(timeOf(session.last_used_at));
  return (
    <li>
      <div>
        <b>{name}</b> {session.current && <em>({say.texts.thisDevice})</em>}
        <br />
        <small>
          {session.ip} {lastUsed}
        </small>
      </div>
      <form method="post" action={endAction}>
        <input type="hidden" name="id" value={session.id} />
        <button type="submit" aria-label={`${say.actions.end}: ${name}, ${lastUsed}`}>
          {say.actions.end}
        </button>
      </form>
    </li>
  );
}

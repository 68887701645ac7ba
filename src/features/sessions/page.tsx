import { Hono } from "hono";
import * as z from "zod";
import type * as contract from "../../contract/session.ts";
import { fail } from "../../http/answer.ts";
import { fill } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { Notice } from "../../pages/form-parts.tsx";
import { localeOf, translations } from "../../pages/page.tsx";
import { actionOf, askToSignIn, forgetSession, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { describeDevice, timesIn } from "../../pages/texts.ts";
import { endOtherSessions, endOwnSession, ownSessions } from "./sessions.ts";

const OneSession = z.strictObject({ id: z.string() });

export const sessionPages = new Hono<SignedInEnv>()
  .get("/account/sessions", signedIn, async (c) => {
    const listed = await ownSessions(c.var.deps, c.var.session);
    if (!listed.ok) return listed.code === "unauthenticated" ? askToSignIn(c) : fail(c, listed);

    const t = await translations(c);
    const timeOf = timesIn(localeOf(c));
    const endAction = actionOf(c, "/account/sessions/end");
    const children = (
      <>
        {c.req.query("notice") === "ended" && <Notice>{t.sessions.ended}</Notice>}
        <section class="card">
          <ul class="rows">
            {listed.value.sessions.map((session) => (
              <Session t={t} timeOf={timeOf} session={session} endAction={endAction} />
            ))}
          </ul>
        </section>
        <form method="post" action={actionOf(c, "/account/sessions/end-others")}>
          <button type="submit" class="secondary">
            {t.sessions.endOthers}
          </button>
        </form>
      </>
    );
    return showAccountPage(c, { title: t.sessions.title, children });
  })
  // A browser that reopens the address of a form, or comes back to it after a sign-in, sends a GET.
  .on("GET", ["/account/sessions/end", "/account/sessions/end-others"], (c) =>
    c.redirect(`/account/sessions${new URL(c.req.url).search}`, 303),
  )
  .post("/account/sessions/end", fromOwnPage, signedIn, async (c) => {
    const { parsed } = await readSubmitted(c, OneSession);
    if (!parsed.ok) return fail(c, parsed);
    const { id } = parsed.value;
    const ended = await endOwnSession(c.var.deps, c.var.session, id);
    if (!ended.ok && ended.code !== "not_found")
      return ended.code === "unauthenticated" ? askToSignIn(c) : fail(c, ended);
    if (id !== c.var.session.sessionId) return c.redirect("/account/sessions?notice=ended", 303);
    forgetSession(c);
    return c.redirect("/signed-out", 303);
  })
  .post("/account/sessions/end-others", fromOwnPage, signedIn, async (c) => {
    await endOtherSessions(c.var.deps, c.var.session);
    return c.redirect("/account/sessions?notice=ended", 303);
  });

interface SessionProps {
  t: PageMessages;
  timeOf: (iso: string) => string;
  session: contract.Session;
  endAction: string;
}

function Session({ t, timeOf, session, endAction }: SessionProps) {
  const name = describeDevice(t, session.device);
  const lastUsed = fill(t.sessions.lastUsed, { when: timeOf(session.last_used_at) });
  return (
    <li>
      <div class="value">
        <p class="title">
          {name} {session.current && <span class="badge success">{t.sessions.thisDevice}</span>}
        </p>
        <p class="soft">
          {session.ip} {lastUsed}
        </p>
      </div>
      <form method="post" action={endAction}>
        <input type="hidden" name="id" value={session.id} />
        <button type="submit" class="secondary small" aria-label={`${t.sessions.end}: ${name}, ${lastUsed}`}>
          {t.sessions.end}
        </button>
      </form>
    </li>
  );
}

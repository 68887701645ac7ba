import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import type * as contract from "../../contract/session.ts";
import { fail } from "../../http/answer.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { DeviceRow } from "../../pages/device-row.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { Notice } from "../../pages/form-parts.tsx";
import { localeOf, translations } from "../../pages/page.tsx";
import { actionOf, askToSignIn, forgetSession, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";
import { endOtherSessions, endOwnSession, ownSessions } from "./sessions.ts";

const OneSession = z.strictObject({ id: z.string() });

export const sessionPages = new Hono<SignedInEnv>()
  .get("/account/sessions", signedIn, async (c) => {
    const listed = await ownSessions(c.var.deps, c.var.session);
    if (!listed.ok) return listed.code === "unauthenticated" ? askToSignIn(c) : fail(c, listed);

    return showSessions(c, listed.value.sessions);
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

/** Renders the page of these sessions. */
export async function showSessions(c: Context<SignedInEnv>, sessions: contract.Session[]) {
  const t = await translations(c);
  const shown = { t, timeOf: timesIn(localeOf(c)), endAction: actionOf(c, "/account/sessions/end") };
  const others = sessions.filter(({ current }) => !current);
  const children = (
    <>
      {c.req.query("notice") === "ended" && <Notice>{t.sessions.ended}</Notice>}
      <section class="card">
        <ul class="rows">
          {sessions
            .filter(({ current }) => current)
            .map((session) => (
              <Session {...shown} session={session} />
            ))}
        </ul>
      </section>
      {others.length > 0 && (
        <section class="card">
          <h2>{t.sessions.others}</h2>
          <ul class="rows">
            {others.map((session) => (
              <Session {...shown} session={session} />
            ))}
          </ul>
          <details>
            <summary class="button secondary small">{t.sessions.endOthers}</summary>
            <form method="post" action={actionOf(c, "/account/sessions/end-others")}>
              <p>{t.sessions.endOthersLead}</p>
              <button type="submit" class="danger small">
                {t.sessions.endOthersNow}
              </button>
            </form>
          </details>
        </section>
      )}
      <p>
        <a href="/account/apps">{t.apps.title}</a>
      </p>
      {c.var.deps.config.TRUSTED_DEVICE_DAYS > 0 && (
        <p>
          <a href="/account/sessions/trusted">{t.trustedDevices.title}</a>
        </p>
      )}
    </>
  );
  return showAccountPage(c, { title: t.sessions.title, children });
}

interface SessionProps {
  t: PageMessages;
  timeOf: ReturnType<typeof timesIn>;
  session: contract.Session;
  endAction: string;
}

/** A session. Only the one of this request is known to be in use. */
function Session({ t, timeOf, session, endAction }: SessionProps) {
  const { current, created_at, last_used_at } = session;
  const { activeNow, lastActive, signedIn, end } = t.sessions;
  return (
    <DeviceRow
      t={t}
      item={session}
      app={session.client?.name}
      current={current}
      used={current ? activeNow : fillIn(lastActive, { when: timeOf(last_used_at) })}
      more={fillIn(signedIn, { when: timeOf(created_at) })}
      action={endAction}
      submit={end}
    />
  );
}

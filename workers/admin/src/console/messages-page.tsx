/** The messages that could not be sent. */
import { Hono } from "hono";
import { fill } from "../../../../src/locales/fill.ts";
import { Act, Row } from "../../../../src/pages/rows.tsx";
import { timesIn } from "../../../../src/pages/time.tsx";
import { answerActForm, DoneNotice, withNotice } from "./act-form.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { failurePage, showPage } from "./layout.tsx";
import { Pages } from "./paging.tsx";
import { pathOfUser } from "./users-page.tsx";

const PATH = "/admin/messages";

export const messagesPage = new Hono<ConsoleEnv>()
  .get("/messages", async (c) => {
    const { t, locale } = c.var;
    const list = await c.env.ADMIN.listDeadMessages({ cursor: c.req.query("cursor") || null });
    if (!list.ok) return failurePage(c, list);
    const { lead, none, noAccount, account, send } = t.admin.messages;
    const { dead_messages, next_cursor } = list.value;
    const timeOf = timesIn(locale);
    const children = (
      <>
        <DoneNotice text={c.req.query("notice") === "send" ? send.done : undefined} />
        <section class="card">
          <p class="soft">{dead_messages.length > 0 ? lead : none}</p>
          {dead_messages.length > 0 && (
            <ul class="rows">
              {dead_messages.map(({ id, kind, user_id, created_at }) => (
                <Row
                  title={<code>{kind}</code>}
                  value={
                    <>
                      {user_id ? <a href={pathOfUser(user_id)}>{account}</a> : noAccount} · {timeOf(created_at)}
                    </>
                  }
                >
                  <Act
                    href={`${PATH}/${encodeURIComponent(id)}/send`}
                    label={fill(t.common.labeled, { label: send.act, value: kind })}
                    text={send.act}
                  />
                </Row>
              ))}
            </ul>
          )}
        </section>
        <Pages c={c} next={next_cursor} texts={t.admin.more} />
      </>
    );
    return showPage(c, { title: t.admin.nav.messages, children });
  })
  .on(["GET", "POST"], "/messages/:id/send", (c) => {
    const { title, lead, act } = c.var.t.admin.messages.send;
    return answerActForm(c, {
      title,
      lead,
      submit: act,
      back: PATH,
      act: (_, by) => c.env.ADMIN.sendDeadMessage(c.req.param("id"), by),
      done: withNotice(PATH, "send"),
    });
  });

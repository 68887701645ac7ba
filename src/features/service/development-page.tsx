/**
 * What only a developer's machine has: the outbox of kept messages, and a page that leads to it.
 *
 * `wrangler deploy` leaves this file out of the bundle. Code that imports it uses it only behind
 * `process.env["NODE_ENV"] === "development"`, which the bundler evaluates.
 */
import { type Context, Hono } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { err } from "../../result.ts";
import type { KeptMessage } from "../../senders/outbox.ts";

/** The messages that were kept instead of sent. They exist on a loopback issuer only. */
export const outboxRoutes = new Hono<AppEnv>().get("/dev/outbox", async (c) => {
  const { outbox } = c.var.deps;
  if (!outbox) return fail(c, err("not_found"));

  const messages = await outbox();
  return c.req.header("accept")?.includes("text/html") ? showOutbox(c, messages) : c.json({ messages });
});

/** Leads a developer to the pages, the outbox and the API reference. */
export async function showWelcome(c: Context<AppEnv>) {
  const t = await translations(c);
  const children = (
    <>
      <p>{t.service.welcome}</p>
      <nav class="links">
        <a href="/sign-up">{t.register.link}</a>
        <a href="/sign-in">{t.login.signIn}</a>
        <a href="/dev/outbox">{t.service.outbox}</a>
        <a href="/docs">{t.service.docs}</a>
      </nav>
    </>
  );
  return showPage(c, { title: c.var.deps.config.BRAND_NAME ?? "Gatehouse", children });
}

/** Shows the kept messages, with working links. */
async function showOutbox(c: Context<AppEnv>, messages: KeptMessage[]) {
  const t = await translations(c);
  const children = messages.length === 0 ? <p>{t.service.outboxEmpty}</p> : messages.map(article);
  return showPage(c, { title: t.service.outbox, children });
}

const article = (message: KeptMessage) => (
  <article lang={message.channel === "mail" ? message.language : undefined}>
    <h2>{message.channel === "mail" ? message.subject : "SMS"}</h2>
    <p>
      <small>
        {message.to}, <time>{new Date(message.at).toISOString()}</time>
      </small>
    </p>
    {linesOf(message).map((line) => (
      <p>{line.split(/(https?:\/\/\S+)/).map(linked)}</p>
    ))}
  </article>
);

const linesOf = (message: KeptMessage) => (message.channel === "mail" ? message.paragraphs : message.text.split("\n"));

/** Renders a URL as a link. `split` with a capturing group puts the URLs at the odd indexes. */
const linked = (text: string, index: number) => (index % 2 === 1 ? <a href={text}>{text}</a> : text);

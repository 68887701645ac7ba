import { Hono } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import type { KeptMail } from "../../senders/outbox.ts";

/** What would have been sent, for a developer: there is none but on a loopback issuer. */
export const outboxRoutes = new Hono<AppEnv>().get("/dev/outbox", async (c) => {
  const { outbox } = c.var.deps;
  if (!outbox) return problem(c, "not_found");

  const mails = await outbox();
  return c.req.header("accept")?.includes("text/html") ? c.html(page(mails)) : c.json({ mails });
});

const page = (mails: KeptMail[]) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outbox</title>
<main>
<h1>Outbox</h1>
${mails.length === 0 ? html`<p>Nothing has been sent yet.</p>` : mails.map(article)}
</main>
</html>
`;

const article = ({ to, subject, paragraphs, at }: KeptMail) => html`<article>
<h2>${subject}</h2>
<p>To ${to}, <time>${new Date(at).toISOString()}</time></p>
${paragraphs.map((paragraph) => html`<p>${paragraph.split(/(https?:\/\/\S+)/).map(linked)}</p>`)}
</article>
`;

/** Splitting by a pattern with a group puts the addresses at the odd places. */
const linked = (text: string, index: number) => (index % 2 === 1 ? html`<a href="${text}">${text}</a>` : text);

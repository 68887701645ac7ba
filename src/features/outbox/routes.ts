import { Hono } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../../http/app-env.ts";
import { problem } from "../../http/problem.ts";
import { err } from "../../result.ts";
import type { KeptMessage } from "../../senders/outbox.ts";

/** What would have been sent, for a developer: there is none but on a loopback issuer. */
export const outboxRoutes = new Hono<AppEnv>().get("/dev/outbox", async (c) => {
  const { outbox } = c.var.deps;
  if (!outbox) return problem(c, err("not_found"));

  const messages = await outbox();
  return c.req.header("accept")?.includes("text/html") ? c.html(page(messages)) : c.json({ messages });
});

const page = (messages: KeptMessage[]) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outbox</title>
<main>
<h1>Outbox</h1>
${messages.length === 0 ? html`<p>Nothing has been sent yet.</p>` : messages.map(article)}
</main>
</html>
`;

const article = (message: KeptMessage) => html`<article>
<h2>${message.channel === "mail" ? message.subject : "Text"}</h2>
<p>To ${message.to}, <time>${new Date(message.at).toISOString()}</time></p>
${linesOf(message).map((line) => html`<p>${line.split(/(https?:\/\/\S+)/).map(linked)}</p>`)}
</article>
`;

const linesOf = (message: KeptMessage) => (message.channel === "mail" ? message.paragraphs : message.text.split("\n"));

/** Splitting by a pattern with a group puts the addresses at the odd places. */
const linked = (text: string, index: number) => (index % 2 === 1 ? html`<a href="${text}">${text}</a>` : text);

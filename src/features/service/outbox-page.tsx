import type { Context } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { showPage, translations } from "../../pages/page.tsx";
import type { KeptMessage } from "../../senders/outbox.ts";

/** The messages as a developer reads them, with links to follow. */
export function showOutbox(c: Context<AppEnv>, messages: KeptMessage[]) {
  const t = translations(c);
  const children = messages.length === 0 ? <p>{t.texts.outboxEmpty}</p> : messages.map(article);
  return showPage(c, { title: t.links.outbox, children });
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

/** Splitting by a pattern with a group puts the addresses at the odd places. */
const linked = (text: string, index: number) => (index % 2 === 1 ? <a href={text}>{text}</a> : text);

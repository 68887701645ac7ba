import type { Context } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { showPage, translations } from "../../pages/page.tsx";
import type { KeptMessage } from "../../senders/outbox.ts";

/** Shows the kept messages to a developer, with working links. */
export function showOutbox(c: Context<AppEnv>, messages: KeptMessage[]) {
  const t = translations(c);
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

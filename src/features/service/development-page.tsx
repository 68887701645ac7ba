/**
 * What only a developer's machine has: the outbox of kept messages, and a page that leads to it.
 *
 * `wrangler deploy` leaves this file out of the bundle. Code that imports it uses it only behind
 * `process.env["NODE_ENV"] === "development"`, which the bundler evaluates.
 */
import { type Context, Hono } from "hono";
import { raw } from "hono/html";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { err } from "../../result.ts";
import type { KeptMail, KeptMessage } from "../../senders/outbox.ts";

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

/**
 * Shows the kept messages. The parts of a mail are targets of links, so they open without a script,
 * and a refresh leaves the open one open. A script adds new messages without a refresh.
 */
async function showOutbox(c: Context<AppEnv>, messages: KeptMessage[]) {
  const t = await translations(c);
  const nonce = crypto.randomUUID();
  const children = (
    <>
      <style>{raw(STYLES)}</style>
      <noscript>
        <meta http-equiv="refresh" content="5" />
      </noscript>
      <div id="messages">{messages.length === 0 ? <p>{t.service.outboxEmpty}</p> : messages.map(article)}</div>
      <script nonce={nonce}>{raw(SCRIPT)}</script>
    </>
  );
  const page = await showPage(c, { title: t.service.outbox, children });
  // A frame inherits the policy of its page. Mails have inline styles, and their logo.
  const policy = [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    `script-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src https: data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  page.headers.set("Content-Security-Policy", policy.join("; "));
  return page;
}

/** An id of this message, the same in each answer. */
const idOf = ({ channel, to, at }: KeptMessage) => `${channel}-${at}-${to.replace(/\W/g, "")}`;

function article(message: KeptMessage) {
  const id = idOf(message);
  const isMail = message.channel === "mail";
  const code = /\b(?:\d{6}|\d{8})\b/.exec(message.text)?.[0];
  const link = /https?:\/\/\S+/.exec(message.text)?.[0];
  return (
    <article id={id} lang={isMail ? message.language : undefined}>
      <h2>{isMail ? message.subject : "SMS"}</h2>
      <p class="soft">
        {message.to}, <time datetime={new Date(message.at).toISOString()}>{new Date(message.at).toISOString()}</time>
      </p>
      <p class="row">
        {code && <code>{code}</code>}
        {code && (
          <button type="button" class="small secondary" data-copy={code} hidden>
            Copy code
          </button>
        )}
        {link && <a href={link}>Open link</a>}
      </p>
      {isMail ? parts(id, message) : <pre>{message.text.split(URLS).map(linked)}</pre>}
    </article>
  );
}

/** The parts of a mail, one of which is open. */
function parts(id: string, { html, text, subject, headers, from, to, reply_to }: KeptMail) {
  const fields = { From: from, "Reply-To": reply_to, To: to, Subject: subject, ...headers };
  return (
    <>
      <nav class="row" aria-label={subject}>
        <a href={`#${id}-html`}>HTML</a>
        <a href={`#${id}-text`}>Text</a>
        <a href={`#${id}-headers`}>Headers</a>
      </nav>
      <div class="part" id={`${id}-html`}>
        <iframe title={subject} sandbox={SANDBOX} srcdoc={html.replace("<head>", '<head><base target="_blank">')} />
      </div>
      <pre class="part" id={`${id}-text`}>
        {text.split(URLS).map(linked)}
      </pre>
      <dl class="part" id={`${id}-headers`}>
        {Object.entries(fields).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value ?? "–"}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

const SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** `split` with a capturing group puts the URLs at the odd indexes. */
const URLS = /(https?:\/\/\S+)/;

/** Renders a URL as a link. */
const linked = (text: string, index: number) => (index % 2 === 1 ? <a href={text}>{text}</a> : text);

/** Without a target, the HTML of the newest mail is open. */
const STYLES = `
.card { max-width: 52rem; }
article { padding-block: 1.5rem; border-block-start: 1px solid var(--line); }
article > * + * { margin-block-start: .5rem; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
.row:empty { display: none; }
.row code { font-size: 1.25rem; font-weight: 700; user-select: all; }
.row button { inline-size: auto; }
.part { display: none; }
.part:target, body:not(:has(:target)) article:first-child .part:first-of-type { display: block; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 600; }
dd { overflow-wrap: anywhere; }
iframe { inline-size: 100%; block-size: 40rem; resize: vertical; border: 1px solid var(--line); border-radius: .5rem; }
`;

/** Copies codes, and adds messages that have arrived above the others. */
const SCRIPT = `
const list = document.getElementById("messages");
const prepare = () => list.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
prepare();
list.addEventListener("click", ({ target }) => navigator.clipboard.writeText(target.dataset.copy ?? ""));
setInterval(async () => {
  const answer = await fetch("/dev/outbox", { headers: { accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const added = [...page.querySelectorAll("article")].filter(({ id }) => !document.getElementById(id));
  if (added.length > 0) list.querySelector(":scope > p")?.remove();
  list.prepend(...added);
  prepare();
}, 2000);
`;

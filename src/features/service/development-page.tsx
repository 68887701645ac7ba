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
      <ul class="rows">
        {[
          ["/sign-up", t.register.link],
          ["/sign-in", t.login.signIn],
          ["/dev/outbox", t.service.outbox],
          ["/docs", t.service.docs],
        ].map(([href, text]) => (
          <li>
            <a href={href}>{text}</a>
          </li>
        ))}
      </ul>
    </>
  );
  return showPage(c, { title: t.service.running, children });
}

/**
 * Shows the kept messages. `open` in the query names the part that is open, by default the HTML of
 * the newest mail, so parts open without a script and a refresh leaves them open. With a script,
 * new messages appear without a refresh.
 */
async function showOutbox(c: Context<AppEnv>, messages: KeptMessage[]) {
  const t = await translations(c);
  const nonce = crypto.randomUUID();
  const newest = messages.find(({ channel }) => channel === "mail");
  const open = c.req.query("open") ?? (newest && `${idOf(newest)}-html`);
  const children = (
    <>
      <style>{raw(STYLES)}</style>
      {/* Raw: hono moves a meta element to the head, where it would apply with scripts too. */}
      <noscript>{raw('<meta http-equiv="refresh" content="5">')}</noscript>
      <div id="messages">
        {messages.length === 0 ? <p>{t.service.outboxEmpty}</p> : messages.map((message) => article(message, open))}
      </div>
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
    // The switch of the language.
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  page.headers.set("Content-Security-Policy", policy.join("; "));
  return page;
}

/** An id of this message, the same in each answer. */
const idOf = ({ channel, to, at }: KeptMessage) => `${channel}-${at}-${to.replace(/\W/g, "")}`;

function article(message: KeptMessage, open: string | undefined) {
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
      {isMail ? parts(id, message, open) : <pre>{message.text.split(URLS).map(linked)}</pre>}
    </article>
  );
}

/** The parts of a mail, of which at most one is open. */
function parts(id: string, mail: KeptMail, open: string | undefined) {
  const { html, text, subject, headers, from, to, reply_to } = mail;
  const fields = { From: from, "Reply-To": reply_to, To: to, Subject: subject, ...headers };
  const [htmlId, textId, headersId] = [`${id}-html`, `${id}-text`, `${id}-headers`];
  const link = (part: string, label: string) => (
    <a href={`?open=${part}#${id}`} aria-current={part === open ? "true" : undefined}>
      {label}
    </a>
  );
  return (
    <>
      <p class="row">
        {link(htmlId, "HTML")}
        {link(textId, "Text")}
        {link(headersId, "Headers")}
      </p>
      {open === htmlId && (
        <iframe title={subject} sandbox={SANDBOX} srcdoc={html.replace("<head>", '<head><base target="_blank">')} />
      )}
      {open === textId && <pre>{text.split(URLS).map(linked)}</pre>}
      {open === headersId && (
        <dl>
          {Object.entries(fields).map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value ?? "–"}</dd>
            </>
          ))}
        </dl>
      )}
    </>
  );
}

const SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** `split` with a capturing group puts the URLs at the odd indexes. */
const URLS = /(https?:\/\/\S+)/;

/** Renders a URL as a link. */
const linked = (text: string, index: number) => (index % 2 === 1 ? <a href={text}>{text}</a> : text);

const STYLES = `
.card { max-width: 52rem; }
article + article { margin-block-start: 1.5rem; padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
article > * + * { margin-block-start: .5rem; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
.row:empty { display: none; }
.row code { font-size: 1.25rem; font-weight: 700; user-select: all; }
.row button { inline-size: auto; }
.row [aria-current] { color: inherit; font-weight: 700; text-decoration: none; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 600; }
dd { overflow-wrap: anywhere; }
iframe { inline-size: 100%; block-size: 32rem; resize: vertical; border: 1px solid var(--line); border-radius: .5rem; }
`;

/** Copies codes, and adds messages that have arrived above the others. */
const SCRIPT = `
const list = document.getElementById("messages");
const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
const prepare = () => {
  for (const button of list.querySelectorAll("[data-copy]")) button.hidden = false;
  for (const time of list.querySelectorAll("time")) time.textContent = format.format(new Date(time.dateTime));
};
prepare();
list.addEventListener("click", async ({ target }) => {
  if (!target.dataset.copy) return;
  await navigator.clipboard.writeText(target.dataset.copy);
  target.textContent = "Copied";
});
setInterval(async () => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const added = [...page.querySelectorAll("article")].filter(({ id }) => !document.getElementById(id));
  if (added.length > 0) list.querySelector(":scope > p")?.remove();
  list.prepend(...added);
  prepare();
}, 2000);
`;

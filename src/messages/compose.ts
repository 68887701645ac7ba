/**
 * Composes a mail from its words: which blocks it has, where its button leads, and what a notice
 * reports. `mail-layout.ts` renders it.
 */
import type { MessageKind } from "../contract/messages.ts";
import type { Deps } from "../deps.ts";
import { fill } from "../locales/fill.ts";
import { directionOf } from "../locales/locales.ts";
import type { MailWording } from "../locales/messages.ts";
import type { messagesIn } from "../locales/messages-in.ts";
import { BROWSER_NAMES, deviceOf } from "../schemas/device.ts";
import type { Mail } from "../senders/mail.ts";
import { type IssuedSecret, siteOf } from "./issue.ts";
import { advisesInVain, buttonPathOf } from "./kinds.ts";
import { type Block, toHtml, toText } from "./mail-layout.ts";

/** What a notice reports: when it happened, and who caused it, as far as that is known. */
export interface Occurrence {
  /** Unix time in milliseconds. */
  createdAt: number;
  ip: string | null;
  userAgent: string | null;
}

type Messages = Awaited<ReturnType<typeof messagesIn>>;

interface Occasion {
  secret: IssuedSecret;
  /** The lifetime of the secret, in the language. */
  minutes: string;
  occurrence: Occurrence | undefined;
}

/** Composes the mail of this kind. A mail has a code, a button, or both for one secret. */
export function composeMail(
  deps: Deps,
  kind: MessageKind,
  messages: Messages,
  { secret, minutes, occurrence }: Occasion,
): Omit<Mail, "to"> {
  const { BRAND_NAME, BRAND_LOGO_URL, BRAND_COLOR } = deps.config;
  const { locale: language, mailParts: parts } = messages;
  const words: MailWording = messages.mails[kind];
  const { host } = siteOf(deps);
  const name = BRAND_NAME ?? host;
  const values = { site: name, code: secret.code, minutes };
  const paragraph = (template: string | undefined, soft = false): Block[] =>
    template ? [{ paragraph: fill(template, values), soft }] : [];

  const href = secret.link || (secret.code ? undefined : buttonOf(deps, kind));
  const blocks: Block[] = [
    ...paragraph(words.lead),
    ...(occurrence ? [{ facts: factsOf(messages, occurrence) }] : []),
    ...(secret.code ? [{ code: secret.code, sentence: fill(parts.code, values) }] : []),
    ...paragraph(advisesInVain(deps, kind) ? parts.checkAccount : words.advice),
    ...(words.button && href ? [{ button: words.button, href, fallback: parts.fallback }] : []),
    ...paragraph(words.validity),
    ...paragraph(words.unrequested, true),
  ];
  const content = {
    language,
    direction: directionOf(language),
    heading: words.subject,
    preheader: words.preheader,
    blocks,
    labeled: messages.pages.common.labeled,
    // Mail clients show no data: URL.
    brand: { name, logo: BRAND_LOGO_URL?.startsWith("https:") ? BRAND_LOGO_URL : undefined, colors: BRAND_COLOR },
    sender: fill(parts.sender, { sender: BRAND_NAME ? `${name} · ${host}` : host }),
  };
  return { language, subject: words.subject, text: toText(content), html: toHtml(content) };
}

/**
 * Returns where the button of a mail without a secret leads: a hosted page, which every service
 * has, or the mailbox of the people who run it. Undefined if they have none.
 */
function buttonOf({ config }: Deps, kind: MessageKind): string | undefined {
  const path = buttonPathOf({ config }, kind);
  if (path) return config.ISSUER + path;
  const [mailbox] = /[^\s<]+@[^\s>]+/.exec(config.MAIL_REPLY_TO ?? "") ?? [];
  return mailbox && `mailto:${mailbox}`;
}

function factsOf({ locale, mailParts, pages }: Messages, { createdAt, ip, userAgent }: Occurrence): [string, string][] {
  const { browser, os } = deviceOf(userAgent);
  // An agent is free text, which strangers can have sent to an owner: only known names are shown.
  const known = BROWSER_NAMES.find((name) => name === browser);
  const { deviceName, unknownDevice } = pages.common;
  const device = known && os ? fill(deviceName, { browser: known, os }) : (known ?? os ?? unknownDevice);
  const facts: [string, string | null][] = [
    [mailParts.when, dateIn(locale, createdAt)],
    [mailParts.device, userAgent && device],
    [mailParts.network, ip],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** Creates the format on each call: at module level it takes a third of the start-up time. */
const dateIn = (locale: string, at: number) =>
  new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone: "UTC",
    timeZoneName: "short",
  }).format(at);

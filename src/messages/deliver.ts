/**
 * Delivers what the queue holds: finds the recipient, issues the secret, picks the words and sends.
 * Every kind takes this path; `kinds.ts` says how they differ. Returns what became of the message.
 */
import type { MessageKind, PlainKind, SecretPurpose } from "../contract/messages.ts";
import type { Deps } from "../deps.ts";
import { messages } from "../locales/locales.ts";
import type { Wording } from "../locales/messages.ts";
import { type AddressChange, type Envelope, Message, type MessageRequest } from "../schemas/message.ts";
import { type Delivery, SKIPPED } from "../senders/delivery.ts";
import { countMessage } from "../storage/message-budgets.ts";
import { deleteNotice, findNotice } from "../storage/notices.ts";
import { callingCodeFor, type IssuedSecret, issue, limitsOf, siteOf } from "./issue.ts";
import { PLAIN_KINDS, SECRET_KINDS } from "./kinds.ts";
import { localeOf, type Recipient } from "./recipients.ts";

export async function deliver(deps: Deps, body: unknown, envelope: Envelope): Promise<Delivery> {
  const parsed = Message.safeParse(body);
  if (!parsed.success) return { outcome: "refused", reason: "malformed" };
  const message = parsed.data;
  if (message.kind === "notice") return deliverNotice(deps, message.id);
  return message.kind === "address-taken"
    ? deliverPlain(deps, message.kind, message, envelope)
    : deliverSecret(deps, message.kind, message, envelope);
}

async function deliverSecret(
  deps: Deps,
  kind: SecretPurpose,
  message: MessageRequest | AddressChange,
  envelope: Envelope,
): Promise<Delivery> {
  const to = await SECRET_KINDS[kind].recipient(deps, message);
  if (!to) return SKIPPED;
  // Issued also if the address is taken: the user must see no difference, in their events either.
  const secret = await issue(deps, kind, to, envelope);
  if (!secret) return SKIPPED;
  return to.takenBy
    ? send(deps, { ...to, ...to.takenBy }, "address-taken", { key: envelope.id })
    : send(deps, to, kind, { key: envelope.id, secret });
}

async function deliverPlain(deps: Deps, kind: PlainKind, message: MessageRequest, { id }: Envelope): Promise<Delivery> {
  const { recipient, budget } = PLAIN_KINDS[kind];
  const to = await recipient(deps, message);
  if (!to) return SKIPPED;
  const { userId, address } = to;
  const counted = { id, userId, recipient: address, callingCode: callingCodeFor(address), kind: budget };
  const isAllowed = await countMessage(deps.db, counted, limitsOf(deps), deps.audit());
  return isAllowed ? send(deps, to, kind, { key: id }) : SKIPPED;
}

/** Sends a notice to each of its recipients who has not got it yet. Returns the first failure. */
async function deliverNotice(deps: Deps, id: string): Promise<Delivery> {
  const rows = await findNotice(deps.db, id);
  const deliveries = await Promise.all(
    rows.map(async ({ kind, recipient, createdAt, userLocale, requestLocale }) => {
      const to = { address: recipient, locale: localeOf(userLocale, requestLocale) };
      const delivery = await send(deps, to, kind, { key: id, at: createdAt });
      if (delivery.outcome === "sent") await deleteNotice(deps.db, id, recipient);
      return delivery;
    }),
  );
  return deliveries.find(({ outcome }) => outcome !== "sent") ?? deliveries[0] ?? SKIPPED;
}

interface Content {
  /** Sent once per key, as far as the provider allows. */
  key: string;
  secret?: IssuedSecret;
  /** When what a notice reports happened, in Unix milliseconds. */
  at?: number;
}

const NO_SECRET: IssuedSecret = { code: "", link: "", minutes: 0 };

/** Sends by mail or as a text, whichever the address is for. */
function send(
  deps: Deps,
  { address: to, locale }: Pick<Recipient, "address" | "locale">,
  kind: MessageKind,
  { key, secret = NO_SECRET, at = 0 }: Content,
): Promise<Delivery> {
  const { host, hostname } = siteOf(deps);
  const words: Omit<Wording, "text"> & Partial<Wording> = messages[locale].mails[kind]({ site: host, at, ...secret });
  const { subject, paragraphs, text = subject } = words;
  if (to.includes("@")) return deps.mail.send({ to, language: locale, subject, paragraphs }, key);
  // The last line lets a phone fill in the code on this site only (WICG, origin-bound one-time
  // codes).
  return deps.sms.send({ to, text: secret.code ? `${text}\n\n@${hostname} #${secret.code}` : text }, key);
}

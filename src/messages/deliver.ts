/**
 * Delivers what the queue holds: finds the recipient, issues the secret, picks the words and sends.
 * Every kind takes this path; `kinds.ts` says how they differ. Returns the outcome.
 */
import type { MessageKind, PlainKind, SecretPurpose } from "../contract/messages.ts";
import type { Deps } from "../deps.ts";
import { fill, fillPlural } from "../locales/fill.ts";
import type { MailWording, Wording } from "../locales/messages.ts";
import { messagesIn } from "../locales/messages-in.ts";
import { type AddressChange, type Envelope, Message, type MessageRequest } from "../schemas/message.ts";
import { isTextable, mobileCountryOf } from "../schemas/phone.ts";
import { type Delivery, SKIPPED } from "../senders/delivery.ts";
import { countMessage, type RequestedMessage } from "../storage/message-budgets.ts";
import { deleteNotice, findNotice } from "../storage/notices.ts";
import { composeMail, type Occurrence } from "./compose.ts";
import { type IssuedSecret, issue, issueForSignUp, limitsOf, siteOf, toCount } from "./issue.ts";
import { advisesInVain, PLAIN_KINDS, SECRET_KINDS } from "./kinds.ts";
import { localeOf, type Recipient, signUpAddress } from "./recipients.ts";

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
  if (!to && kind === "login-code" && "identifier" in message) return signUp(deps, message, envelope);
  if (!to || !(await isReachable(deps, to.address))) return SKIPPED;
  if (to.isReleasable && kind !== RELEASE) return release(deps, message, to, envelope);
  const purpose = purposeFor(to, kind);
  // Issued also if the address is taken: the user must see no difference, in their events either.
  const secret = await issue(deps, purpose, message, to, envelope);
  if (!secret) return SKIPPED;
  return to.takenBy
    ? send(deps, { ...to, ...to.takenBy }, "address-taken", { key: envelope.id })
    : send(deps, to, purpose, { key: envelope.id, secret });
}

/**
 * A number that was never verified gets a code that verifies it instead of one that resets the
 * password (OWASP ASVS 6.6.1).
 */
const purposeFor = ({ address, isProven }: Recipient, kind: SecretPurpose): SecretPurpose =>
  kind === "password-reset-code" && !isProven && !address.includes("@") ? "recovery-verification" : kind;

/** Sends the code that signs in to an address that no account has: it creates the account. */
async function signUp(deps: Deps, message: MessageRequest, envelope: Envelope): Promise<Delivery> {
  const address = signUpAddress(deps, message);
  if (!address || !(await isReachable(deps, address))) return SKIPPED;
  const secret = await issueForSignUp(deps, message, address, envelope);
  const to = { address, locale: localeOf(null, message.locale) };
  return secret ? send(deps, to, "login-code", { key: envelope.id, secret }) : SKIPPED;
}

const RELEASE = "address-release-link";

/** Sends an unproven address the link that removes it from the account. */
async function release(
  deps: Deps,
  message: MessageRequest | AddressChange,
  to: Recipient,
  envelope: Envelope,
): Promise<Delivery> {
  const secret = await issue(deps, RELEASE, message, to, envelope);
  return secret ? send(deps, to, RELEASE, { key: envelope.id, secret }) : SKIPPED;
}

async function deliverPlain(
  deps: Deps,
  kind: PlainKind,
  message: MessageRequest,
  envelope: Envelope,
): Promise<Delivery> {
  const { recipient, budget } = PLAIN_KINDS[kind];
  const to = await recipient(deps, message);
  if (!to || !(await isReachable(deps, to.address))) return SKIPPED;
  if (to.isReleasable) return release(deps, message, to, envelope);
  const { id } = envelope;
  const counted = await toCount(deps, id, message, to, budget);
  const isAllowed = !counted || (await countMessage(deps.db, counted, limitsOf(deps), deps.audit()));
  return isAllowed ? send(deps, to, kind, { key: id }) : SKIPPED;
}

/** The worst outcome first. */
const OUTCOMES: Delivery["outcome"][] = ["retry", "refused", "sent", "skipped"];

/**
 * Sends a notice to each of its recipients who has not got it yet. Returns the worst outcome. A
 * notice by text also needs a budget: otherwise an account could text its number at the service's
 * cost as often as it changes its password.
 */
async function deliverNotice(deps: Deps, id: string): Promise<Delivery> {
  const rows = await findNotice(deps.db, id);
  const deliveries = await Promise.all(
    rows.map(async ({ kind, userId, recipient, userLocale, requestLocale, ...occurrence }) => {
      const isText = !recipient.includes("@");
      const isAllowed =
        (await isReachable(deps, recipient)) && (!isText || (await countTextedNotice(deps, { id, userId, recipient })));
      if (!isAllowed) {
        await deleteNotice(deps.db, id, recipient);
        return SKIPPED;
      }
      const to = { address: recipient, locale: localeOf(userLocale, requestLocale) };
      const delivery = await send(deps, to, kind, { key: id, occurrence });
      if (delivery.outcome === "sent") await deleteNotice(deps.db, id, recipient);
      return delivery;
    }),
  );
  const [worst] = deliveries.sort((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome));
  return worst ?? SKIPPED;
}

/**
 * Counts a notice by text. Returns false if a budget is used up. There is no cool-down between
 * notices, and they leave the reserve of owners alone.
 */
const countTextedNotice = async (deps: Deps, notice: Pick<RequestedMessage, "id" | "userId" | "recipient">) =>
  countMessage(
    deps.db,
    {
      ...notice,
      country: (await mobileCountryOf(notice.recipient, deps.assets)) ?? null,
      budget: "notices",
      requestedBy: "anyone",
      proven: true,
      network: null,
    },
    { ...limitsOf(deps), cooldownSeconds: 0 },
    deps.audit(),
  );

/**
 * Tests whether the service sends messages to this address. An account may have a number from
 * before that no text is sent to: what is requested for it is dropped, and the requester sees no
 * difference.
 */
const isReachable = async (deps: Deps, address: string) => address.includes("@") || isTextable(address, deps);

interface Content {
  /** Sent once per key, as far as the provider allows. */
  key: string;
  secret?: IssuedSecret;
  /** The event that a notice reports. */
  occurrence?: Occurrence;
}

const NO_SECRET: IssuedSecret = { code: "", link: "", minutes: 0 };

/** Sends by mail or as a text, whichever the address is for. */
async function send(
  deps: Deps,
  { address: to, locale }: Pick<Recipient, "address" | "locale">,
  kind: MessageKind,
  { key, secret = NO_SECRET, occurrence }: Content,
): Promise<Delivery> {
  const messages = await messagesIn(deps.assets, locale);
  const { locale: language, mails, mailParts, units } = messages;
  if (to.includes("@")) {
    const minutes = fillPlural(language, units.minutes, secret.minutes);
    const mail = { to, ...composeMail(deps, kind, messages, { secret, minutes, occurrence }) };
    return { ...(await deps.mail.send(mail, key)), channel: "mail" };
  }
  const { host, hostname } = siteOf(deps);
  const { subject, text: template = subject }: Partial<Wording> & MailWording = mails[kind];
  const words = advisesInVain(deps, kind) ? mailParts.checkAccountText : template;
  const text = fill(words, { site: host, code: secret.code, link: secret.link, subject });
  // The last line lets a phone fill in the code on this site only (WICG, origin-bound one-time
  // codes).
  const sms = { to, text: secret.code ? `${text}\n\n@${hostname} #${secret.code}` : text };
  return { ...(await deps.sms.send(sms, key)), channel: "text" };
}

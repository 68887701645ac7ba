import type { Deps } from "../../deps.ts";
import { messages } from "../../locales/locales.ts";
import { callingCodeFor, limitsOf } from "../../messages/budget.ts";
import { localeOf, recipientOf, sendAddressTaken, sendTo, siteOf } from "../../messages/recipient.ts";
import type { Envelope, MessageRequest } from "../../schemas/message.ts";
import { type Delivery, SKIPPED } from "../../senders/delivery.ts";
import { takeMessage } from "../../storage/message-budget.ts";
import { dropNotice, findNotice, type NoticeKind } from "../../storage/notices.ts";

const WORDING = {
  "password-changed": "passwordChanged",
  "email-changed": "emailChanged",
  "phone-changed": "phoneChanged",
  "refresh-token-reused": "refreshTokenReused",
} as const satisfies Record<NoticeKind, string>;

/** Tells the owner of an account what was done to it, as long as the account is and was not told yet. */
export async function sendNotice(deps: Deps, { id }: { id: string }): Promise<Delivery> {
  const notice = await findNotice(deps.db, id);
  if (!notice) return SKIPPED;

  const locale = localeOf(notice.userLocale, notice.requestLocale);
  const wording = messages[locale][WORDING[notice.kind]]({ site: siteOf(deps).host, at: notice.createdAt });
  const delivery = await sendTo(deps, notice.recipient, locale, wording, id);
  if (delivery.outcome === "sent") await dropNotice(deps.db, id);
  return delivery;
}

/** Tells the owner of an address that somebody gave it for another account, unless a budget is used up. */
export async function sendClaimNotice(deps: Deps, request: MessageRequest, envelope: Envelope): Promise<Delivery> {
  const to = await recipientOf(deps, request);
  if (!to) return SKIPPED;

  const { userId, address: recipient } = to;
  const message = {
    id: envelope.id,
    userId,
    recipient,
    callingCode: callingCodeFor(recipient),
    kind: "address_claim",
  } as const;
  const allowed = await takeMessage(deps.db, message, limitsOf(deps), deps.audit());
  return allowed ? sendAddressTaken(deps, recipient, to.locale, envelope) : SKIPPED;
}

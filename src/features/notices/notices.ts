import type { Deps } from "../../deps.ts";
import { words } from "../../locales/locales.ts";
import { callingCodeFor, limitsOf } from "../../messages/budget.ts";
import { localeOf, recipientOf, sendTo, siteOf } from "../../messages/recipient.ts";
import type { Envelope, MessageRequest, Notice } from "../../schemas/message.ts";
import { type Delivery, SKIPPED } from "../../senders/delivery.ts";
import { takeMessage } from "../../storage/message-budget.ts";
import { findUser } from "../../storage/users.ts";

const WORDING = {
  "password-changed": "passwordChanged",
  "email-changed": "emailChanged",
  "phone-changed": "phoneChanged",
  "refresh-token-reused": "refreshTokenReused",
} as const satisfies Record<Notice["kind"], string>;

/** Tells the owner of an account what was done to it, if the account still is and has an address. */
export async function sendNotice(deps: Deps, notice: Notice, { id }: Envelope): Promise<Delivery> {
  const user = await findUser(deps.db, notice.user_id);
  const to = user && (notice.to ?? user.email ?? user.phone);
  if (!to) return SKIPPED;

  const locale = localeOf(user, notice.locale);
  const wording = words[locale][WORDING[notice.kind]]({ site: siteOf(deps).host, at: notice.at });
  return sendTo(deps, to, locale, wording, id);
}

/** Tells the owner of an address that somebody gave it for another account, unless a budget is used up. */
export async function sendAddressTaken(deps: Deps, request: MessageRequest, { id }: Envelope): Promise<Delivery> {
  const to = await recipientOf(deps, request);
  if (!to) return SKIPPED;

  const message = { id, userId: to.userId, recipient: to.address, callingCode: callingCodeFor(to.address) };
  if (!(await takeMessage(deps.db, message, limitsOf(deps), deps.stamp()))) return SKIPPED;

  return sendTo(deps, to.address, to.locale, words[to.locale].addressTaken({ site: siteOf(deps).host }), id);
}

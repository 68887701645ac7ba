import type { Deps } from "../deps.ts";
import { DEFAULT_LOCALE, type Locale, messages, pickLocale } from "../locales/locales.ts";
import type { Wording } from "../locales/messages.ts";
import type { Identifier } from "../schemas/identifier.ts";
import type { Envelope, MessageRequest } from "../schemas/message.ts";
import type { Delivery } from "../senders/delivery.ts";
import { findUserBy, type UserRow } from "../storage/users.ts";

/** Whom a message is for, where it goes and in which language. */
export interface Recipient {
  userId: string;
  address: string;
  locale: Locale;
}

/** The account that a request names, unless there is none, it is disabled or has no address of that kind: then nothing is
 *  to be sent. A username stands for the address that is written to first. */
export async function recipientOf(
  { db }: Deps,
  { identifier, locale }: MessageRequest,
  kind = identifier.kind,
): Promise<(Recipient & { user: UserRow }) | undefined> {
  const user = await findUserBy(db, identifier.kind, identifier.value);
  const address = user && user.disabledAt === null ? addressOf(user, kind) : null;
  return user && address !== null
    ? { user, userId: user.id, address, locale: localeOf(user.locale, locale) }
    : undefined;
}

function addressOf(user: UserRow, kind: Identifier["kind"]): string | null {
  if (kind !== "username") return user[kind];
  return user.contact ? user[user.contact] : (user.email ?? user.phone);
}

/** What somebody is written to in: the language that they chose, that of the request, or ours. */
export const localeOf = (chosen: string | null, requested: string | null | undefined): Locale =>
  pickLocale([chosen ?? "", requested ?? ""]) ?? DEFAULT_LOCALE;

/** Where people turn to in a browser: what messages call the site, and where links point. */
export const siteOf = ({ config }: Deps): URL => new URL(config.FRONTEND_URL ?? config.ISSUER);

/** Sends this by mail or as a text, whichever the address is for; once for each key as far as the provider allows. */
export const sendTo = (deps: Deps, to: string, language: Locale, wording: Wording, key: string): Promise<Delivery> =>
  to.includes("@")
    ? deps.mail.send({ to, language, subject: wording.subject, paragraphs: wording.paragraphs }, key)
    : deps.sms.send({ to, text: wording.text }, key);

/** Tells the owner of an address that somebody gave it for another account. */
export const sendAddressTaken = (deps: Deps, to: string, locale: Locale, { id }: Envelope): Promise<Delivery> =>
  sendTo(deps, to, locale, messages[locale].addressTaken({ site: siteOf(deps).host }), id);

import type { Deps } from "../deps.ts";
import { DEFAULT_LOCALE, type Locale, pickLocale } from "../locales/locales.ts";
import type { Wording } from "../locales/words.ts";
import type { Identifier } from "../schemas/identifier.ts";
import type { Delivery } from "../senders/delivery.ts";
import type { UserRow } from "../storage/users.ts";

/** Which of the user's addresses is meant: the one that was given, or for a username the one that is written to first. */
export function addressOf(user: UserRow, { kind }: Identifier): string | null {
  if (kind !== "username") return user[kind];
  return user.contact ? user[user.contact] : (user.email ?? user.phone);
}

/** What the user is written to in: the language they chose, that of the request, or ours. */
export const localeOf = (user: UserRow, requested: Locale | undefined): Locale =>
  (user.locale ? pickLocale([user.locale]) : undefined) ?? requested ?? DEFAULT_LOCALE;

/** Where people turn to in a browser: what messages call the site, and where links point. */
export const siteOf = ({ config }: Deps): URL => new URL(config.FRONTEND_URL ?? config.ISSUER);

/** Sends this by mail or as a text, whichever the address is for; once for each key as far as the provider allows. */
export const sendTo = (deps: Deps, to: string, language: Locale, wording: Wording, key: string): Promise<Delivery> =>
  to.includes("@")
    ? deps.mail.send({ to, language, subject: wording.subject, paragraphs: wording.paragraphs }, key)
    : deps.sms.send({ to, text: wording.text }, key);

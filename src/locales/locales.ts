import { de } from "./de.ts";
import { en } from "./en.ts";
import type { Messages } from "./messages.ts";

/** Each language that messages and pages are written in, by its BCP 47 subtag. */
export const messages = { en, de } satisfies Record<string, Messages>;

export type Locale = keyof typeof messages;

export const LOCALES = Object.keys(messages) as [Locale, ...Locale[]];
export const DEFAULT_LOCALE: Locale = "en";

/** The first of these language tags, whatever its region, that messages are written in; undefined when none is. */
export function pickLocale(tags: readonly string[]): Locale | undefined {
  const languages = tags.map((tag) => tag.trim().toLowerCase().split("-")[0]);
  return languages.find((language): language is Locale => LOCALES.some((locale) => locale === language));
}

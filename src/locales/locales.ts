import { de } from "./de.ts";
import { en } from "./en.ts";
import type { Words } from "./words.ts";

/** Each language that messages and pages are written in, by its BCP 47 subtag. */
export const words = { en, de } satisfies Record<string, Words>;

export type Locale = keyof typeof words;

export const LOCALES = Object.keys(words) as [Locale, ...Locale[]];
export const DEFAULT_LOCALE: Locale = "en";

/** The first of these language tags, whatever its region, that messages are written in; undefined when none is. */
export function pickLocale(tags: readonly string[]): Locale | undefined {
  const languages = tags.map((tag) => tag.trim().toLowerCase().split("-")[0]);
  return languages.find((language): language is Locale => LOCALES.some((locale) => locale === language));
}

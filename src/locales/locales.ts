/**
 * Every word that people read in pages, mails and texts.
 *
 * Each language is a folder with one file per feature. The shape of `en` is the type of all
 * languages, so the compiler finds what a translation lacks. To add a language, add its folder and
 * its line in `messages`.
 */
import { de } from "./de/de.ts";
import { en, type Messages } from "./en/en.ts";

/** Messages by language, as a BCP 47 primary subtag. */
export const messages = { en, de } satisfies Record<string, Messages>;

/** Words of the hosted pages. */
export type PageMessages = Messages["pages"];

export type Locale = keyof typeof messages;

export const LOCALES = Object.keys(messages) as [Locale, ...Locale[]];
export const DEFAULT_LOCALE: Locale = "en";

/**
 * Returns the first language among these tags that messages exist in, or undefined. Ignores what
 * follows the language, such as a region, also in the form of other systems (`de_DE.UTF-8`).
 */
export function pickLocale(tags: readonly string[]): Locale | undefined {
  const languages = tags.map((tag) => /^[a-z]*/.exec(tag.trim().toLowerCase())?.[0]);
  return languages.find((language): language is Locale => LOCALES.some((locale) => locale === language));
}

/**
 * Returns the canonical form of a language tag (BCP 47): `de-DE` for `DE-de`, and for the POSIX
 * locales `de_DE` and `de_DE.UTF-8` too. Returns "" for the locales `C` and `POSIX`, which have no
 * language, and undefined for text that is not a tag: no language has a name of 5 to 8 letters,
 * though the syntax allows it.
 */
export function canonicalTag(text: string): string | undefined {
  const tag = text
    .trim()
    .replace(/[.@].*/, "")
    .replaceAll("_", "-");
  if (/^(c|posix)?$/i.test(tag)) return "";
  try {
    return /^[a-z]{2,3}(-|$)/i.test(tag) ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}

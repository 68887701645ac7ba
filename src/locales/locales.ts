/**
 * The languages of pages, mails and texts. `docs/languages.md` says how to add one.
 *
 * Each language is a folder with one file per feature. The shape of `en` is the type of all
 * languages, so the compiler finds what a translation lacks. The Worker contains none of them:
 * `messages-in.ts` loads a language when it is needed.
 */
import type { Messages } from "./en/en.ts";

/** The languages, as BCP 47 primary subtags. */
export const LOCALES = ["en", "de", "es", "fr"] as const;

export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE = "en" satisfies Locale;

/** Words of the hosted pages. */
export type PageMessages = Messages["pages"];

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

/**
 * Names a language in that language, as a word of its own, or returns the tag if its name is
 * unknown. Extensions of a canonical tag, such as a sort order, are not part of the name.
 */
export function nameOfLanguage(tag: string): string {
  const { baseName } = new Intl.Locale(tag);
  const [first = "", ...rest] = new Intl.DisplayNames([tag, DEFAULT_LOCALE], { type: "language" }).of(baseName) ?? tag;
  return first.toLocaleUpperCase(tag) + rest.join("");
}

/** Returns the direction in which a language is written. */
export const directionOf = (tag: string): "ltr" | "rtl" =>
  (new Intl.Locale(tag) as LocaleWithTextInfo).getTextInfo().direction;

/** ECMA-402, ES2026. TypeScript does not know it yet. */
interface LocaleWithTextInfo extends Intl.Locale {
  getTextInfo(): { direction: "ltr" | "rtl" };
}

/**
 * The words of one language.
 *
 * `npm run build` writes each language to `public/locales`. The Worker reads the file on first use
 * and keeps it in the memory of the isolate.
 */
import { logError } from "../log.ts";
import { type Assets, staticFile } from "../static-file.ts";
import type { Messages } from "./en/en.ts";
import { DEFAULT_LOCALE, LOCALES, type Locale } from "./locales.ts";

/** A language's words, and which language that is: English stands in for one that fails to load. */
interface LocaleMessages extends Messages {
  locale: Locale;
}

const fileOf = (locale: Locale) =>
  staticFile(`/locales/${locale}.json`, (text): LocaleMessages => ({ locale, ...(JSON.parse(text) as Messages) }));

const english = fileOf(DEFAULT_LOCALE);
const files = new Map(LOCALES.map((locale) => [locale, locale === DEFAULT_LOCALE ? english : fileOf(locale)]));

/**
 * Returns the words of a language, or English if they cannot be read. Throws `FileUnavailableError`
 * if English cannot be read either.
 */
export async function messagesIn(assets: Assets, locale: Locale): Promise<LocaleMessages> {
  try {
    return await (files.get(locale) ?? english)(assets);
  } catch (error) {
    logError("language_not_loaded", error as Error);
    return english(assets);
  }
}

/**
 * The words of one language.
 *
 * English is part of the Worker, so that a page or a mail never lacks words. `npm run build` writes
 * every other language to `public/locales`; the Worker reads the file on first use and keeps it in
 * the memory of the isolate.
 */
import { logError } from "../log.ts";
import { type Assets, staticFile } from "../static-file.ts";
import { en, type Messages } from "./en/en.ts";
import { DEFAULT_LOCALE, LOCALES, type Locale } from "./locales.ts";

/** A language's words, and which language that is: English stands in for one that fails to load. */
interface LocaleMessages extends Messages {
  locale: Locale;
}

const english: LocaleMessages = { locale: DEFAULT_LOCALE, ...en };

const files = new Map(
  LOCALES.map((locale) => [
    locale,
    staticFile(`/locales/${locale}.json`, (text): LocaleMessages => ({ locale, ...(JSON.parse(text) as Messages) })),
  ]),
);

/** Returns the words of a language, or English if they cannot be read. Never rejects. */
export async function messagesIn(assets: Assets, locale: Locale): Promise<LocaleMessages> {
  if (locale === DEFAULT_LOCALE) return english;
  try {
    return (await files.get(locale)?.(assets)) ?? english;
  } catch (error) {
    logError("language_not_loaded", error as Error);
    return english;
  }
}

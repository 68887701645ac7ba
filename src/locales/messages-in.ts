/**
 * The words of one language.
 *
 * English is part of the Worker, so that a page or a mail never lacks words. `npm run build` writes
 * every other language to `public/locales`; the Worker reads the file on first use and keeps it in
 * the memory of the isolate.
 */
import { logError } from "../log.ts";
import { type Assets, readStaticFile } from "../static-file.ts";
import { en, type Messages } from "./en/en.ts";
import { DEFAULT_LOCALE, type Locale } from "./locales.ts";

/** A language's words, and which language that is: English stands in for one that fails to load. */
interface LocaleMessages extends Messages {
  locale: Locale;
}

const english: LocaleMessages = { locale: DEFAULT_LOCALE, ...en };

/** A cache of values, not promises: a request must not await a promise of another request. */
const loaded = new WeakMap<Assets, Map<Locale, LocaleMessages>>();

/** Returns the words of a language, or English if they cannot be read. Never rejects. */
export async function messagesIn(assets: Assets, locale: Locale): Promise<LocaleMessages> {
  if (locale === DEFAULT_LOCALE) return english;
  const known = loaded.get(assets)?.get(locale);
  if (known) return known;
  try {
    const file = await readStaticFile(assets, `/locales/${locale}.json`);
    const messages = { locale, ...(JSON.parse(file) as Messages) };
    loaded.set(assets, (loaded.get(assets) ?? new Map()).set(locale, messages));
    return messages;
  } catch (error) {
    logError("language_not_loaded", error as Error);
    return english;
  }
}

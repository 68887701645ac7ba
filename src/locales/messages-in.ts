/**
 * The words of one language.
 *
 * English is part of the Worker, so that a page or a mail never lacks words. `npm run build` writes
 * every other language to `public/locales`; the Worker reads the file on first use and keeps it in
 * the memory of the isolate.
 */
import { logError, OwnError } from "../log.ts";
import { en, type Messages } from "./en/en.ts";
import { DEFAULT_LOCALE, type Locale } from "./locales.ts";

type Assets = Pick<Fetcher, "fetch">;

/** A language's words, and which language that is: English stands in for one that fails to load. */
interface LocaleMessages extends Messages {
  locale: Locale;
}

const english: LocaleMessages = { locale: DEFAULT_LOCALE, ...en };

/** A file that takes longer counts as missing: English is better than no page. */
const TIMEOUT_MILLISECONDS = 1000;

/** A cache of values, not promises: a request must not await a promise of another request. */
const loaded = new WeakMap<Assets, Map<Locale, LocaleMessages>>();

/** Returns the words of a language, or English if they cannot be read. Never rejects. */
export async function messagesIn(assets: Assets, locale: Locale): Promise<LocaleMessages> {
  if (locale === DEFAULT_LOCALE) return english;
  const known = loaded.get(assets)?.get(locale);
  if (known) return known;
  try {
    const messages = { locale, ...(await read(assets, locale)) };
    loaded.set(assets, (loaded.get(assets) ?? new Map()).set(locale, messages));
    return messages;
  } catch (error) {
    logError("language_not_loaded", error as Error);
    return english;
  }
}

/** Reads the file of a language. The host of the URL does not matter. */
async function read(assets: Assets, locale: Locale): Promise<Messages> {
  const response = await assets.fetch(`https://assets/locales/${locale}.json`, {
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (!response.ok) throw new OwnError(`There is no file of the language ${locale}. Run npm run build.`);
  return response.json();
}

import type { PageWords } from "../locales/words.ts";

/** A device in words, as far as its user agent says what it is. */
export const deviceName = (say: PageWords, { browser, os }: { browser: string | null; os: string | null }): string =>
  browser && os ? say.on(browser, os) : (browser ?? os ?? say.texts.unknownDevice);

/** A time as people of this language write it, in UTC: where the reader is, nobody says. */
export const timeOf = (iso: string, locale: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(new Date(iso))} UTC`;

import type { PageMessages } from "../locales/messages.ts";

/** A device in words, as far as its user agent says what it is. */
export const describeDevice = (
  t: PageMessages,
  { browser, os }: { browser: string | null; os: string | null },
): string => (browser && os ? t.deviceName(browser, os) : (browser ?? os ?? t.texts.unknownDevice));

/** Writes times as people of this language do, in UTC: where the reader is, nobody says. One serves a whole list. */
export function timesIn(locale: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return (iso) => `${format.format(new Date(iso))} UTC`;
}

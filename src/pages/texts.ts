import { fill } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";

/** Describes a device by its browser and operating system, as far as they are known. */
export const describeDevice = (
  t: PageMessages,
  { browser, os }: { browser: string | null; os: string | null },
): string => (browser && os ? fill(t.common.deviceName, { browser, os }) : (browser ?? os ?? t.common.unknownDevice));

/**
 * Returns a formatter for times in this language, to be used for a whole list. It writes UTC, since
 * the reader's time zone is unknown.
 */
export function timesIn(locale: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return (iso) => `${format.format(new Date(iso))} UTC`;
}

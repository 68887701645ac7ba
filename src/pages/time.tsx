import type { Child } from "hono/jsx";

/**
 * Returns a component for times in this language, to be used for a whole page. It writes UTC, since
 * the reader's time zone is unknown. The script replaces that by the local time.
 */
export function timesIn(locale: string): (iso: string) => Child {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return (iso) => <time datetime={iso}>{format.format(new Date(iso))} UTC</time>;
}

/** Fills elements into a template, as `fill` does with texts. */
export const fillIn = (template: string, values: Record<string, Child>): Child[] =>
  template.split(/\{(\w+)\}/).map((part, n) => (n % 2 ? values[part] : part));

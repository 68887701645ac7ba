import { agoIn } from "./ago.ts";

/**
 * Shows a time in the time zone and language of the reader, and one of the last week by how long
 * ago it was. Without the script it is in UTC.
 */
export function showLocalTime(element: HTMLTimeElement) {
  const { lang } = document.documentElement;
  const date = new Date(element.dateTime || element.textContent);
  const absolute = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(date);
  element.textContent = agoIn(lang, (Date.now() - date.getTime()) / 1000) ?? absolute;
  element.title = absolute;
}

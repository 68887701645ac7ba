const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;
/** None of the units: the clocks of two devices differ a little. */
const NOW = ["second", Number.POSITIVE_INFINITY] as const;
const LEAST_SECONDS = 60;
const MOST_SECONDS = 7 * 86_400;

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

/** Says how long ago something was, such as "3 hours ago", up to a week. */
function agoIn(lang: string, seconds: number): string | undefined {
  if (seconds > MOST_SECONDS || seconds < -LEAST_SECONDS) return undefined;
  const [unit, length] = UNITS.find(([, shortest]) => seconds >= shortest) ?? NOW;
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-Math.trunc(seconds / length), unit);
}

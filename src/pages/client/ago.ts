const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;
/** For less than a minute, and for the clock of another device that is a little ahead. */
const NOW = ["second", Number.POSITIVE_INFINITY] as const;
const MAX_SKEW_SECONDS = 60;
const MAX_SECONDS = 7 * 86_400;

/** Says how long ago something was, such as "3 hours ago", up to a week. */
export function agoIn(lang: string, seconds: number): string | undefined {
  if (seconds > MAX_SECONDS || seconds < -MAX_SKEW_SECONDS) return undefined;
  const [unit, length] = UNITS.find(([, shortest]) => seconds >= shortest) ?? NOW;
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-Math.trunc(seconds / length), unit);
}

/** Shows a time in the time zone and language of the reader. Without the script it is in UTC. */
export function showLocalTime(element: HTMLTimeElement) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  element.textContent = format.format(new Date(element.dateTime));
}

/** Detects a browser that drops the cookie of a sign-in. No script can see the cookie itself. */

interface Page {
  location?: { hostname: string; origin: string };
}

/**
 * Tests whether a browser may drop the cookie of the service: the page is on another site, or the
 * service has no https. Compares two labels of the hosts, which saves most apps the check.
 */
export function mayDropCookie(baseUrl: string): boolean {
  const { location } = globalThis as Page;
  const { protocol, hostname } = new URL(baseUrl);
  return location !== undefined && (protocol === "http:" || siteOf(hostname) !== siteOf(location.hostname));
}

const siteOf = (hostname: string) => hostname.split(".").slice(-2).join(".");

export function warnOfDroppedCookie(baseUrl: string) {
  const page = (globalThis as Page).location?.origin ?? "this program";
  // biome-ignore lint/suspicious/noConsole: this is for the developer of the page.
  console.warn(
    `gatehouse: the browser did not keep the cookie of ${baseUrl}, so a reload signs the user out. If ${page} is on ` +
      "another site, set COOKIE_SAMESITE=None in the service, or move the service to a host of the same site. " +
      'Without https, some browsers keep no cookie: use https. If cookies are blocked, set `transport: "body"`.',
  );
}

/** Redirect URIs of clients: which may be registered, and which a request may name. */

/** RFC 8252 §8.3 prefers the addresses. Many tools use the name. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(?=[/?]|$)/;

const MAX_LENGTH = 2000;

/**
 * Tests whether a client may register this: an https URL, a loopback URL, or a URL of a private
 * scheme, which contains a period (RFC 8252 §7.1). Without a fragment or credentials.
 */
export function isRedirectUri(text: string): boolean {
  const url = URL.parse(text);
  if (!url || text.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(text) || /[#\\*]/.test(text)) return false;
  if (url.username || url.password) return false;
  if (LOOPBACK.test(text)) return true;
  // The spelling that browsers use: no upper case in a host, no dots in a path, no default port.
  if (url.protocol === "https:") return url.href === text || url.href === `${text}/`;
  return /^[a-z][a-z\d+-]*\.[a-z\d.+-]+:\/?[^/]/.test(text);
}

/**
 * Returns the form in which a URI is stored and compared: a loopback URL without its port, which
 * differs each time (RFC 8252 §7.3), and anything else as it is.
 */
export const registeredForm = (uri: string): string => uri.replace(LOOPBACK, (origin) => origin.replace(/:\d+$/, ""));

/** Tests whether another program on the device could receive what is sent to this URI. */
export const isLocalApp = (uri: string): boolean => !uri.startsWith("https:");

/** Adds parameters to a redirect URI, whose own parameters stay. */
export function withParams(uri: string, params: Record<string, string | undefined>): string {
  const query = new URLSearchParams(
    Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (query.size === 0) return uri;
  return `${uri}${uri.includes("?") ? "&" : "?"}${query}`;
}

/** Tests of URLs in settings. They require https, except on the local machine. */

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Tests whether a URL points to the local machine. */
export const isLoopback = (url: string): boolean => LOOPBACK.includes(URL.parse(url)?.hostname ?? "");

/** Tests for an origin without a path. The URL parser accepts a star in a host. */
export const isSecureOrigin = (text: string): boolean =>
  URL.parse(text)?.origin === text && !text.includes("*") && (text.startsWith("https:") || isLoopback(text));

/** Addresses and names that exist only in a local network. They have no certificates. */
const LOCAL_NETWORK = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$|^\[f[cd]|\.local$/;

/** Tests for an origin that others in the same network can take over, because it has no https. */
export const isLocalOrigin = (text: string): boolean => isHttpOrigin(text, LOCAL_NETWORK);

export function isHttpOrigin(text: string, host: RegExp): boolean {
  const url = URL.parse(text);
  return url?.protocol === "http:" && url.origin === text && host.test(url.hostname);
}

/** Tests for a host with an optional port, spelled as the URL parser spells it. */
export const isHost = (text: string): boolean => URL.parse(`https://${text}`)?.host === text && !text.includes("*");

/** Tests for a URL without credentials, query and fragment. */
export function isSecureUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && isSecureOrigin(url.origin) && url.href === url.origin + url.pathname;
}

/** Tests for the URL of an image: https, or a `data:` URL. */
export const isImageUrl = (text: string): boolean => /^data:image\/[\w.+-]+[;,]/.test(text) || isSecureUrl(text);

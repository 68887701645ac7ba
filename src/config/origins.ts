/**
 * The origins of `ALLOWED_ORIGINS`: which entries it accepts, and what an entry allows.
 *
 * An entry is the origin of a web page, the origin of an app (`capacitor://localhost`), or a
 * pattern for the subdomains of a domain (`https://*.example.pages.dev`).
 */
import { isHttpOrigin, isLocalOrigin, isSecureOrigin } from "./urls.ts";

/** An origin with a scheme of its own, as web views of apps and extensions of browsers have it. */
const APP = /^(?!(https?|wss?|ftp|file|data|blob|about|javascript):)[a-z][a-z\d+.-]*:\/\/[\w.-]+(:\d+)?$/;

/**
 * Domains below which anyone may register a name: top-level domains, those of countries, and those
 * of hosting services, some of which have regions (`a.run.app`). The Public Suffix List has all of
 * them, but is larger than this Worker.
 */
const PUBLIC_SUFFIX =
  /^([^.]+|(com?|org|net|ac|gov|edu|ne|or|me)\.[a-z]{2}|(pages|workers|fly|deno|r2)\.dev|(vercel|netlify|web|firebase|replit|lovable)\.app|git(hub|lab)\.io|(herokuapp|onrender|firebaseapp|amplifyapp|trycloudflare|appspot)\.com|cloudfront\.net|surge\.sh|glitch\.me|(.+\.)?(ngrok(-free)?\.(app|dev|io)|(run|railway)\.app|amazonaws\.com|(azurewebsites|azurestaticapps|windows)\.net))$/;

/** Tests an entry of `ALLOWED_ORIGINS`. */
export const isOriginEntry = (text: string): boolean =>
  text.includes("*")
    ? isPattern(text)
    : isSecureOrigin(text) ||
      isLocalOrigin(text) ||
      isHttpOrigin(text, /\.localhost$/) ||
      (APP.test(text) && URL.canParse(text));

/** Tests for a pattern: a star as the first label, below a domain that one owner has. */
function isPattern(text: string): boolean {
  const [scheme, domain] = text.split("*.");
  if (scheme !== "https://" || !domain || domain.endsWith(".") || !isSecureOrigin(`https://x.${domain}`)) return false;
  return !PUBLIC_SUFFIX.test(new URL(`https://${domain}`).hostname);
}

/**
 * Tests for the relying party id of passkeys: the host of the issuer, or a domain above it below
 * which only its owner registers names (WebAuthn L3 §5.1.2).
 */
export function isRpId(text: string, issuer: string): boolean {
  const host = new URL(issuer).hostname;
  return host === text || (host.endsWith(`.${text}`) && !PUBLIC_SUFFIX.test(text));
}

/**
 * Tests whether an entry, or its host, covers an origin, or its host. The star of a pattern stands
 * for exactly one label, as in a certificate (RFC 9525 §6.3).
 */
export function covers(entry: string, text: string): boolean {
  const [head = "", tail] = entry.split("*");
  if (tail === undefined) return entry === text;
  const label = text.slice(head.length, text.length - tail.length);
  return /^[a-z\d_-]+$/.test(label) && text === head + label + tail;
}

/**
 * The origins of `ALLOWED_ORIGINS`: which entries it accepts, and what an entry allows.
 *
 * An entry is the origin of a web page, the origin of an app (`capacitor://localhost`), or a
 * pattern for the subdomains of a domain (`https://*.example.pages.dev`).
 */
import { isSecureOrigin } from "./urls.ts";

/** Addresses and names that exist only in a local network. They have no certificates. */
const LOCAL_NETWORK = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$|^\[f[cd]|\.local$/;

/** An origin with a scheme of its own, as web views of apps and extensions of browsers have it. */
const APP = /^(?!(https?|wss?|ftp|file|data|blob|about|javascript):)[a-z][a-z\d+.-]*:\/\/[\w.-]+(:\d+)?$/;

/** Top-level domains, and those of countries. */
const TOP_LEVEL = /^([^.]+|(com?|org|net|ac|gov|edu|ne|or|me)\.[a-z]{2})$/;

/**
 * Domains of hosting services, below which anyone may register a name. The Public Suffix List has
 * all of them, but is larger than this Worker.
 */
const SHARED = (
  "pages.dev workers.dev fly.dev deno.dev r2.dev replit.dev github.dev vercel.app netlify.app web.app firebase.app " +
  "lovable.app framer.app streamlit.app ondigitalocean.app csb.app github.io gitlab.io gitpod.io webflow.io nip.io " +
  "sslip.io herokuapp.com onrender.com firebaseapp.com amplifyapp.com trycloudflare.com appspot.com wixsite.com " +
  "myshopify.com wordpress.com cloudfront.net surge.sh glitch.me hf.space repl.co supabase.co loca.lt"
).split(" ");

/** The same, where names may also have a region, such as `a.run.app`. */
const SHARED_BY_REGION =
  /(^|\.)(ngrok(-free)?\.(app|dev|io)|(run|railway)\.app|amazonaws\.com|(azurewebsites|azurestaticapps|windows)\.net|devtunnels\.ms)$/;

const isShared = (domain: string) => TOP_LEVEL.test(domain) || SHARED.includes(domain) || SHARED_BY_REGION.test(domain);

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
  return !isShared(new URL(`https://${domain}`).hostname);
}

/** Tests for an origin that others in the same network can take over, because it has no https. */
export const isLocalOrigin = (text: string): boolean => isHttpOrigin(text, LOCAL_NETWORK);

function isHttpOrigin(text: string, host: RegExp): boolean {
  const url = URL.parse(text);
  return url?.protocol === "http:" && url.origin === text && host.test(url.hostname);
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

import type * as contract from "../contract/session.ts";
import { decodeUri } from "./typed.ts";

/**
 * The browsers by what their agents contain. The first that matches counts: most contain the names
 * of others, too.
 */
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Microsoft Edge"],
  [/\b(?:OPR|OPT|Opera|OPiOS)\b/, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet for Android"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bYaBrowser\//, "Yandex Browser"],
  [/\bDuckDuckGo\//, "DuckDuckGo"],
  [/\b(?:UCBrowser|UCWEB)\b/, "UC Browser"],
  [/\bFocus\/|\bKlar\//, "Focus"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\bElectron\//, "Electron"],
  [/\bCriOS\/|Chrome\//, "Chrome"],
  [/\bChromium\//, "Chromium"],
  [/\bMSIE |\bTrident\//, "Internet Explorer"],
  [/\bAndroid\b.*\bVersion\//, "Android Browser"],
  [/\bVersion\/.*\bSafari\/|\bMobile\/\w+ Safari\//, "Safari"],
];

/** The names that `deviceOf` knows. Other names of a browser come from the agent. */
export const BROWSER_NAMES = BROWSERS.map(([, name]) => name);

/** The operating systems, in the same way. Apple's CFNetwork names only the kernel. */
const SYSTEMS: [RegExp, string][] = [
  [/\b(?:iPhone|iPad|iPod)\b|\biOS\b|\biPadOS\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows Phone\b/, "Windows Phone"],
  [/\bWindows\b|\bWin(?:64|32)\b/, "Windows"],
  [/\bCrOS\b/, "Chrome OS"],
  [/\bMac(?: OS X|intosh|OS)\b|\bmacOS\b/, "macOS"],
  [/\bwatchOS\b/, "watchOS"],
  [/\btvOS\b/, "tvOS"],
  [/\bDarwin\b/, "iOS or macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

const TABLET = /\biPad\b|\bTablet\b|\bKindle\b/;
const PHONE = /\bMobi/;
const TV = /\bSmart-?TV\b|\bTV;|\bAppleTV\b|\bBRAVIA\b|\bHbbTV\b|\bWeb0S\b/i;
const DESKTOPS = ["Windows", "macOS", "Linux", "Chrome OS"];

/**
 * Reads the device from a User-Agent header. Unknown parts are null.
 *
 * Browsers begin with `Mozilla`. Apps, libraries and tools begin with their own name (RFC 9110
 * §10.1.5), which stands for the browser.
 */
export function deviceOf(userAgent: string | null): contract.Device {
  const agent = userAgent ?? "";
  const isBrowser = agent.startsWith("Mozilla") || agent.startsWith("Opera");
  const os = nameIn(SYSTEMS, agent);
  return {
    browser: isBrowser ? nameIn(BROWSERS, agent) : productOf(agent),
    os,
    type: typeOf(agent, os, isBrowser),
  };
}

const nameIn = (names: [RegExp, string][], agent: string) =>
  names.find(([pattern]) => pattern.test(agent))?.[1] ?? null;

function typeOf(agent: string, os: string | null, isBrowser: boolean): string | null {
  if (TV.test(agent)) return "tv";
  if (TABLET.test(agent)) return "tablet";
  if (PHONE.test(agent) || /\biPhone\b|\biPod\b/.test(agent)) return "mobile";
  // A browser on a phone says `Mobile`. An app on Android does not say what it runs on.
  if (os === "Android") return isBrowser ? "tablet" : null;
  return os !== null && DESKTOPS.includes(os) ? "desktop" : null;
}

/** Returns the name of the first product: up to its version or the comment that follows. */
function productOf(agent: string): string | null {
  const [encoded = ""] = /^[^/(;,]*/.exec(agent) ?? [];
  // Apple encodes spaces and what is not ASCII.
  const name = decodeUri(encoded).trim();
  return name !== "Dalvik" && /^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,39}$/u.test(name) ? name : null;
}

interface UsedDeviceRow {
  id: string;
  createdAt: number;
  lastUsedAt: number;
  expiresAt: number;
  userAgent: string | null;
  ip: string | null;
}

/** Converts a stored session, or a trusted device. */
export const toUsedDevice = (row: UsedDeviceRow): contract.UsedDevice => ({
  id: row.id,
  created_at: new Date(row.createdAt).toISOString(),
  last_used_at: new Date(row.lastUsedAt).toISOString(),
  expires_at: new Date(row.expiresAt).toISOString(),
  user_agent: row.userAgent,
  device: deviceOf(row.userAgent),
  ip: row.ip,
});

import type { RequestContext } from "../deps.ts";
import { pickLocale } from "../locales/locales.ts";

const MAX_USER_AGENT_LENGTH = 512;
const MAX_LANGUAGES_LENGTH = 256;

/** Reads a header by its name in lower case. */
type ReadHeader = (name: string) => string | undefined;

/** Who sends a request, as far as it can be believed. */
export function requestContextOf(header: ReadHeader): RequestContext {
  // Set by the edge. Forwarded headers are the client's own words.
  const address = header("cf-connecting-ip");
  const userAgent = header("user-agent")?.slice(0, MAX_USER_AGENT_LENGTH).toWellFormed();
  const locale = pickLocale(languagesOf(header("accept-language")));
  return {
    ip: address ? networkOf(address) : null,
    userAgent: userAgent || null,
    locale,
    ray: rayOf(header),
    caller: null,
  };
}

/** What the edge calls this request, in its own logs too. */
export const rayOf = (header: ReadHeader): string | null => /^[\da-f]{16}/.exec(header("cf-ray") ?? "")?.[0] ?? null;

/** The language tags of an Accept-Language header, best first (RFC 9110 §12.5.4). */
export function languagesOf(header = ""): string[] {
  const ranges = header
    .slice(0, MAX_LANGUAGES_LENGTH)
    .split(",")
    .map((range) => {
      const [tag = "", weight] = range.split(/;\s*q=/i);
      return { tag: tag.trim(), quality: weight === undefined ? 1 : Number(weight) || 0 };
    });
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** One spelling for each client: `203.0.113.7`, `2001:db8:1:2::/64`, since whoever has an IPv6 address has its /64.
 *  Null when it is no address. */
export function networkOf(address: string): string | null {
  if (!address.includes(":")) return isIpv4(address) ? address : null;
  if (!/^[\da-f:.]+$/i.test(address)) return null;

  // The URL parser knows every spelling of an IPv6 address and writes the canonical one (RFC 5952).
  const canonical = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1);
  if (!canonical) return null;

  const [head = "", tail] = canonical.split("::");
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  if (groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff") return mappedIpv4(groups);
  return `${groups.slice(0, 4).join(":")}::/64`;
}

const isIpv4 = (text: string) =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split(".").every((byte) => Number(byte) < 256);

/** RFC 4291 §2.5.5.2: the last 32 bits are the IPv4 address. */
function mappedIpv4(groups: string[]): string {
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join(".");
}

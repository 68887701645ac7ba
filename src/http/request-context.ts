import { createMiddleware } from "hono/factory";
import { createDeps, type RequestContext } from "../deps.ts";
import { pickLocale } from "../locales/locales.ts";
import { logMisconfigured } from "../log.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";
import { deviceCookie } from "./device-cookie.ts";
import { languageCookie } from "./language-cookie.ts";

const MAX_USER_AGENT_LENGTH = 256;
const MAX_PREFERENCES_LENGTH = 1024;

/** Reads a header. The name is in lower case. */
type ReadHeader = (name: string) => string | undefined;

/** Reads the request context from headers that the edge sets or that do no harm if forged. */
export function requestContextOf(header: ReadHeader): RequestContext {
  // Cloudflare's edge sets this header. Anyone can forge X-Forwarded-For.
  const address = header("cf-connecting-ip");
  const userAgent = header("user-agent")?.slice(0, MAX_USER_AGENT_LENGTH).toWellFormed();
  const locale = pickLocale(preferencesOf(header("accept-language")));
  return {
    ip: address ? networkOf(address) : null,
    userAgent: userAgent || null,
    locale,
    ray: rayOf(header),
    caller: null,
  };
}

/** Reads the Ray ID, by which Cloudflare identifies the request in its logs. */
export const rayOf = (header: ReadHeader): string | null => /^[\da-f]{16}/.exec(header("cf-ray") ?? "")?.[0] ?? null;

/**
 * Parses an Accept or Accept-Language header into its ranges, preferred first (RFC 9110 §12.4.2).
 */
export function preferencesOf(header = ""): string[] {
  const ranges = header
    .slice(0, MAX_PREFERENCES_LENGTH)
    .split(",")
    .map((range) => {
      const [name = "", ...parameters] = range.split(";");
      const weight = parameters.map((parameter) => /^\s*q\s*=(.*)$/i.exec(parameter)?.[1]).find(Boolean);
      return { name: name.trim(), quality: weight === undefined ? 1 : Number(weight) || 0 };
    });
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ name }) => name);
}

/**
 * Normalizes an IP address: `203.0.113.7`, `2001:db8:1:2::/64`. An IPv6 address is reduced to its
 * /64, which usually belongs to one subscriber. Returns null if it is not an address.
 */
export function networkOf(address: string): string | null {
  if (!address.includes(":")) return isIpv4(address) ? address : null;
  if (!/^[\da-f:.]+$/i.test(address)) return null;

  // The URL parser accepts every spelling of an address and returns the canonical one (RFC 5952).
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
  /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text) && text.split(".").every((byte) => Number(byte) < 256);

/** Returns the IPv4 address in the last 32 bits (RFC 4291 §2.5.5.2). */
function mappedIpv4(groups: string[]): string {
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join(".");
}

/** The files that failure pages load, and the page that the `type` of a problem links to. */
const FILES = /^\/(docs|pages)\//;

/**
 * Sets `c.var.deps`. Errors: `misconfigured` while a setting is invalid, except for `FILES`, which
 * need no settings.
 */
export const provideDeps = createMiddleware<AppEnv>(async (c, next) => {
  const context = requestContextOf((name) => c.req.header(name));
  const requestContext = { ...context, locale: languageCookie(c) ?? context.locale, deviceToken: deviceCookie(c) };
  const deps = await createDeps(c.env, c.executionCtx, requestContext);
  if (!deps.ok) {
    logMisconfigured(deps.errors ?? []);
    return c.req.method !== "POST" && FILES.test(c.req.path) ? next() : fail(c, deps);
  }
  c.set("deps", deps.value);
  return next();
});

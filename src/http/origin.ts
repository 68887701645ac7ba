/**
 * Which pages may read answers and use the cookie: those of this service and of `ALLOWED_ORIGINS`.
 *
 * Browsers send the `Origin` of the page, which no page can change (Fetch Standard §3.2).
 */
import type { Context } from "hono";
import { covers } from "../config/origins.ts";
import type { Deps } from "../deps.ts";
import { logInfo } from "../log.ts";
import { type Err, err } from "../result.ts";
import type { AppEnv } from "./app-env.ts";

export function isAllowedOrigin<E extends AppEnv>(c: Context<E>, origin: string): boolean {
  // Without valid settings, no origin is known.
  const deps: Deps | undefined = c.var.deps;
  if (!deps) return false;
  const { ALLOWED_ORIGINS, ISSUER } = deps.config;
  return origin === ISSUER || ALLOWED_ORIGINS.some((entry) => covers(entry, origin));
}

/** Tests whether a page of this service or of a frontend sent the request. */
export const hasAllowedOrigin = <E extends AppEnv>(c: Context<E>): boolean =>
  isAllowedOrigin(c, c.req.header("origin") ?? "");

/** An origin (RFC 6454 §6.2), as it can be in `ALLOWED_ORIGINS`. */
const ORIGIN = /^[a-z][a-z\d+.-]{0,40}:\/\/[\w.:[\]-]{1,255}$/;

/** Refuses a page of another origin, and names it for the developer who may have to allow it. */
export function checkOrigin<E extends AppEnv>(c: Context<E>): Err | undefined {
  if (hasAllowedOrigin(c)) return undefined;
  const given = c.req.header("origin");
  const origin = given === undefined ? "missing" : ORIGIN.test(given) ? given : "malformed";
  logInfo("origin_refused", { origin });
  const detail =
    DETAILS[origin] ?? `The service does not accept requests from pages of ${origin}. Add it to \`ALLOWED_ORIGINS\`.`;
  return { ...err("origin_not_allowed"), detail };
}

const DETAILS: Record<string, string> = {
  missing: "A request that uses the cookie must have an `Origin`.",
  malformed: "The `Origin` is `null` or malformed, so it cannot be allowed.",
};

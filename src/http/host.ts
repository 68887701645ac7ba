import { createMiddleware } from "hono/factory";
import { isLoopback } from "../config/urls.ts";
import type { Deps } from "../deps.ts";
import { err } from "../result.ts";
import type { AppEnv } from "./app-env.ts";
import { failReadably } from "./headers.ts";

/**
 * Refuses requests for another host, and http if `ISSUER` is https (RFC 9110 §7.4).
 *
 * Otherwise a name that an attacker points here (DNS rebinding) would be an origin of this service
 * in a browser. Errors: `misdirected_request`.
 */
export const requireOwnHost = createMiddleware<AppEnv>(async (c, next) =>
  isOwn(c.get("deps"), new URL(c.req.url)) ? next() : failReadably(c, err("misdirected_request")),
);

function isOwn(deps: Deps | undefined, { origin, protocol, host }: URL): boolean {
  // Without valid settings there are only files.
  if (!deps) return true;
  const { ISSUER, ALLOWED_HOSTS } = deps.config;
  if (ISSUER.startsWith("https:") && protocol !== "https:") return false;
  if (isLoopback(ISSUER) && isLoopback(origin)) return true;
  return [new URL(ISSUER).host, ...ALLOWED_HOSTS].includes(host);
}

/** The device token in a cookie: a browser sends it with each sign-in. */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { DEVICE_TOKEN_TTL_SECONDS } from "../crypto/device-token.ts";
import type { AppEnv } from "./app-env.ts";

/** The cookie has the prefix `__Host-` (RFC 6265bis §4.1.3.2): no other host can set it. */
const NAME = "device_token";

export const deviceCookie = (c: Context): string | undefined => getCookie(c, NAME, "host");

export function setDeviceCookie<E extends AppEnv>(c: Context<E>, token: string) {
  const sameSite = c.var.deps.config.COOKIE_SAMESITE;
  setCookie(c, NAME, token, { prefix: "host", httpOnly: true, sameSite, maxAge: DEVICE_TOKEN_TTL_SECONDS });
}

/** The device token in a cookie: a browser sends it with each sign-in. */
import type { Context } from "hono";
import { DEVICE_TOKEN_TTL_SECONDS } from "../crypto/device-token.ts";
import type { AppEnv } from "./app-env.ts";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

const NAME = "device_token";

export const deviceCookie = (c: Context): string | undefined => hostCookie(c, NAME);

export function setDeviceCookie<E extends AppEnv>(c: Context<E>, token: string) {
  const sameSite = c.var.deps.config.COOKIE_SAMESITE;
  setHostCookie(c, NAME, token, { sameSite, maxAge: DEVICE_TOKEN_TTL_SECONDS });
}

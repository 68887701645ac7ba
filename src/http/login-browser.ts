/**
 * The nonce of a browser that asks to sign in by mail, in a cookie. A mailed link signs in to the
 * browser whose nonce it was requested with, and to no other.
 */
import type { Context } from "hono";
import { createSecret, isSecret } from "../crypto/one-time.ts";
import type { AppEnv } from "./app-env.ts";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

const NAME = "login_browser";

/** Reads the nonce. */
export function loginBrowser(c: Context): string | undefined {
  const nonce = hostCookie(c, NAME);
  return nonce !== undefined && isSecret(nonce) ? nonce : undefined;
}

/** Creates the nonce of a browser that has none. */
export const newLoginBrowser = createSecret;

/** Keeps the nonce for as long as the next link is valid: an earlier one may still be opened. */
export function keepLoginBrowser<E extends AppEnv>(c: Context<E>, nonce: string) {
  const { COOKIE_SAMESITE: sameSite, OTP_TTL_SECONDS: maxAge } = c.var.deps.config;
  setHostCookie(c, NAME, nonce, { sameSite, maxAge });
}

/**
 * The nonce of a browser that asks to sign in by mail, in a cookie. A mailed link signs in to the
 * browser whose nonce it was requested with, and to no other.
 */
import type { Context } from "hono";
import { createSecret, isSecret } from "../crypto/one-time.ts";
import type { AppEnv } from "./app-env.ts";
import { hostCookie, setHostCookie } from "./host-cookie.ts";

const NAME = "login_browser";
/** Longer than a link is valid: its time starts when it is sent. */
const TTL_SECONDS = 1800;

/** Reads the nonce. */
export function loginBrowser(c: Context): string | undefined {
  const nonce = hostCookie(c, NAME);
  return nonce !== undefined && isSecret(nonce) ? nonce : undefined;
}

/**
 * Returns the nonce, and sets its cookie. An earlier one stays, because the link of an earlier
 * request may still be opened.
 */
export function ensureLoginBrowser<E extends AppEnv>(c: Context<E>): string {
  const nonce = loginBrowser(c) ?? createSecret();
  setCookie(c, nonce, TTL_SECONDS);
  return nonce;
}

/** Forgets the nonce after a sign-in and at sign-out: the next user may be another person. */
export function forgetLoginBrowser<E extends AppEnv>(c: Context<E>) {
  if (hostCookie(c, NAME) !== undefined) setCookie(c, "", 0);
}

const setCookie = <E extends AppEnv>(c: Context<E>, nonce: string, maxAge: number) =>
  setHostCookie(c, NAME, nonce, { sameSite: c.var.deps.config.COOKIE_SAMESITE, maxAge });

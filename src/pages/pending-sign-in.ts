/**
 * A sign-in that waits for its second factor: the login token is in a cookie, which no script can
 * read, with the factors that the account has.
 */
import type { Context } from "hono";
import type { SecondFactor, SecondFactorStep } from "../contract/factors.ts";
import { LOGIN_TOKEN_TTL_SECONDS } from "../crypto/login-token.ts";
import type { AppEnv } from "../http/app-env.ts";
import { dropPageCookie, keepsCookies, pageCookie, remember, setPageCookie } from "../http/page-cookies.ts";
import { carryReturn, type ReturnTo } from "./return-to.ts";

/** The page that asks for the second factor. */
export const SECOND_FACTOR_PATH = "/sign-in/second-factor";

/** Marks the way through the first sign-in of a browser, which shows if it keeps the cookies. */
export const NO_COOKIES = "no-cookies";

const COOKIE = "login_token";

interface PendingSignIn {
  loginToken: string;
  factors: SecondFactor[];
}

/** Leads to the page that asks for the second factor. `identifier` is a name of the account. */
export function askForSecondFactor<E extends AppEnv>(
  c: Context<E>,
  { login_token, factors }: SecondFactorStep,
  { identifier, returnTo }: { identifier: string; returnTo: ReturnTo | undefined },
): Response {
  setPageCookie(c, COOKIE, `${login_token} ${factors.join()}`, LOGIN_TOKEN_TTL_SECONDS["second-factor"]);
  remember(c, "identifier", identifier);
  return c.redirect(carryReturn(SECOND_FACTOR_PATH, returnTo, keepsCookies(c) ? {} : { notice: NO_COOKIES }), 303);
}

/** Returns the sign-in that waits in this browser. */
export function pendingSignIn(c: Context): PendingSignIn | undefined {
  const [loginToken, factors] = pageCookie(c, COOKIE)?.split(" ") ?? [];
  return loginToken && factors ? { loginToken, factors: factors.split(",") as SecondFactor[] } : undefined;
}

/** Leads back to the first step, because the second one can no longer be taken. */
export function askToSignInAgain<E extends AppEnv>(c: Context<E>, returnTo: ReturnTo | undefined): Response {
  forgetPendingSignIn(c);
  const isRefused = c.req.query("notice") === NO_COOKIES && !keepsCookies(c);
  return c.redirect(carryReturn("/sign-in", returnTo, { notice: isRefused ? NO_COOKIES : "expired" }), 303);
}

export const forgetPendingSignIn = (c: Context) => dropPageCookie(c, COOKIE);

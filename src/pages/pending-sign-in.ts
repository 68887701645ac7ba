/**
 * A sign-in that waits for its next step: the login token is in a cookie, which no script can read,
 * with the factors of the step and its name.
 */
import type { Context } from "hono";
import type { SecondFactor } from "../contract/factors.ts";
import { LOGIN_TOKEN_TTL_SECONDS, type LoginStep } from "../crypto/login-token.ts";
import type { AppEnv } from "../http/app-env.ts";
import { dropPageCookie, keepsCookies, pageCookie, remember, setPageCookie } from "../http/page-cookies.ts";
import type { Err } from "../result.ts";
import { carryReturn, type ReturnTo } from "./return-to.ts";

/** The page that asks for the second factor. */
export const SECOND_FACTOR_PATH = "/sign-in/second-factor";

/** The page that adds a second factor, which the service requires. */
export const ADD_FACTOR_PATH = "/sign-in/add-factor";

/** The page that sends a code to sign in with. */
export const CODE_PATH = "/sign-in/code";

/** Marks the way through the first sign-in of a browser, which shows if it keeps the cookies. */
export const NO_COOKIES = "no-cookies";

const COOKIE = "login_token";

interface PendingSignIn {
  loginToken: string;
  factors: SecondFactor[];
}

/**
 * Leads to the page of the step that a sign-in lacks. Returns undefined if it failed for another
 * reason. `identifier` is a name of the account.
 */
export function askForNextStep<E extends AppEnv>(
  c: Context<E>,
  { code, secondFactor }: Err,
  { identifier, returnTo }: { identifier: string; returnTo: ReturnTo | undefined },
): Response | undefined {
  if (!secondFactor) return undefined;
  const { login_token, factors } = secondFactor;
  const step = code === "enrollment_required" ? "enroll" : "second-factor";
  setPageCookie(c, COOKIE, `${login_token} ${factors.join()} ${step}`, LOGIN_TOKEN_TTL_SECONDS[step]);
  remember(c, "identifier", identifier);
  const path = step === "enroll" ? ADD_FACTOR_PATH : SECOND_FACTOR_PATH;
  return c.redirect(carryReturn(path, returnTo, keepsCookies(c) ? {} : { notice: NO_COOKIES }), 303);
}

/** Returns the sign-in that waits in this browser for this step. */
export function pendingSignIn(c: Context, wanted: LoginStep = "second-factor"): PendingSignIn | undefined {
  const [loginToken, factors, step] = pageCookie(c, COOKIE)?.split(" ") ?? [];
  if (!loginToken || !factors || step !== wanted) return undefined;
  return { loginToken, factors: factors.split(",") as SecondFactor[] };
}

/** Leads back to the first step, because the next one can no longer be taken. */
export function askToSignInAgain<E extends AppEnv>(c: Context<E>, returnTo: ReturnTo | undefined): Response {
  forgetPendingSignIn(c);
  const isRefused = c.req.query("notice") === NO_COOKIES && !keepsCookies(c);
  return c.redirect(carryReturn("/sign-in", returnTo, { notice: isRefused ? NO_COOKIES : "expired" }), 303);
}

export const forgetPendingSignIn = (c: Context) => dropPageCookie(c, COOKIE);

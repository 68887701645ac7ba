/**
 * The refresh token in a cookie: set, read and clear.
 *
 * A browser sends the cookie with requests that other sites cause (CSRF). `answerSignIn`,
 * `refreshTokenOf` and `clearRefreshCookie` therefore check the `Origin` header.
 */
import type { Context } from "hono";
import type { SessionRef } from "../contract/session-ref.ts";
import type { Tokens, Transport } from "../contract/tokens.ts";
import { verifyRefreshToken } from "../crypto/tokens.ts";
import { ok, type Result } from "../result.ts";
import type { ReceivedToken } from "../schemas/tokens.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";
import { setDeviceCookie } from "./device-cookie.ts";
import { hostCookie, setHostCookie } from "./host-cookie.ts";
import { forgetLoginBrowser } from "./login-browser.ts";
import { checkOrigin, hasAllowedOrigin } from "./origin.ts";
import { dropPageCookies } from "./page-cookies.ts";

const NAME = "refresh_token";

/**
 * Responds with tokens. For the transport `cookie` the refresh token and the device token are in
 * HttpOnly cookies.
 */
export function answerTokens<E extends AppEnv>(
  c: Context<E>,
  tokens: Tokens,
  transport: Transport = "body",
  status: 200 | 201 = 200,
) {
  if (transport === "body") return c.json(tokens, status);

  const { refresh_token, device_token, ...rest } = tokens;
  setRefreshCookie(c, refresh_token, tokens.refresh_expires_in);
  if (device_token) setDeviceCookie(c, device_token);
  return c.json(rest, status);
}

/**
 * Responds to a sign-in, a re-authentication or a change of credentials with its tokens. Without a
 * transport, they replace the cookie if it belongs to the session that the request replaces.
 *
 * Errors: those of `signIn`; `origin_not_allowed` if a page of another origin asks (login CSRF): a
 * form on another site must not sign its visitor in to an attacker's account or guess for the
 * attacker.
 */
export async function answerSignIn<E extends AppEnv>(
  c: Context<E>,
  transport: Transport | undefined,
  /** `current` is the id of the session in the cookie that the new tokens replace. */
  signIn: (current: string | undefined) => Promise<Result<Tokens>>,
  replaced?: SessionRef,
  status: 200 | 201 = 200,
): Promise<Response> {
  const isBrowser = transport === "cookie" || c.req.header("origin") !== undefined;
  const refused = isBrowser ? checkOrigin(c) : undefined;
  if (refused) return fail(c, refused);
  const current = isBrowser ? sessionOf(c, refreshCookie(c) ?? "") : undefined;
  const tokens = await signIn(transport === "cookie" ? current : undefined);
  if (!tokens.ok) return fail(c, tokens);
  const isInCookie = replaced !== undefined && current === replaced.sessionId;
  return answerTokens(c, tokens.value, transport ?? (isInCookie ? "cookie" : "body"), status);
}

/**
 * Reads the refresh token of a request: `given`, from the body, or else the cookie.
 *
 * Errors: `origin_not_allowed` if the origin may not use the cookie.
 */
export function refreshTokenOf(c: Context<AppEnv>, given: string | undefined): Result<ReceivedToken> {
  if (given) return ok({ token: given, transport: "body" });

  const token = refreshCookie(c);
  const refused = token ? checkOrigin(c) : undefined;
  return refused ?? ok({ token, transport: "cookie" });
}

/**
 * Clears the cookie if it belongs to the ended session, or if it is not a valid token: no script
 * can remove it. The hosted pages forget their visitor, if the browser sent their cookies. Does
 * nothing if the origin may not use the cookie.
 */
export function clearRefreshCookie<E extends AppEnv>(c: Context<E>, endedSessionId: string | undefined) {
  const token = refreshCookie(c);
  if (!token || !hasAllowedOrigin(c)) return;
  const sessionId = sessionOf(c, token);
  if (sessionId !== undefined && sessionId !== endedSessionId) return;
  setRefreshCookie(c, "", 0);
  dropPageCookies(c);
  forgetLoginBrowser(c);
}

/** Reads the cookie without checking the origin. */
export const refreshCookie = (c: Context): string | undefined => hostCookie(c, NAME);

/** Returns the session id of a refresh token that this service issued and that has not expired. */
export function sessionOf<E extends AppEnv>(c: Context<E>, token: string): string | undefined {
  const { tokens, now } = c.var.deps;
  return verifyRefreshToken(tokens.refreshKeys, token, now())?.sessionId;
}

/** Sets the cookie. `maxAge` is in seconds; 0 removes it. */
export function setRefreshCookie<E extends AppEnv>(c: Context<E>, value: string, maxAge: number) {
  const sameSite = c.var.deps.config.COOKIE_SAMESITE;
  setHostCookie(c, NAME, value, { sameSite, maxAge });
}

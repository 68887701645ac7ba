import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Tokens, Transport } from "../contract/tokens.ts";
import { decodeRefreshToken } from "../crypto/refresh-token.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import type { ReceivedToken } from "../schemas/tokens.ts";
import type { AppEnv } from "./app-env.ts";

/** Bears the `__Host-` prefix (RFC 6265bis §4.1.3.2): no other host can set it. */
const NAME = "refresh_token";

/** Answers tokens; under cookie transport the refresh token goes where no script can read it. */
export function answerTokens<E extends AppEnv>(c: Context<E>, tokens: Tokens, transport: Transport = "body") {
  if (transport === "body") return c.json(tokens);

  const { refresh_token, ...rest } = tokens;
  setRefreshCookie(c, refresh_token, tokens.refresh_expires_in);
  return c.json(rest);
}

/** Returns `origin_not_allowed` if tokens are requested as a cookie by a page that may not have one. */
export const checkTransport = <E extends AppEnv>(c: Context<E>, transport: Transport | undefined): Err | undefined =>
  transport === "cookie" && !hasAllowedOrigin(c) ? err("origin_not_allowed") : undefined;

/** The refresh token that a request brings and how: as its body gives it, or else from the cookie. `origin_not_allowed`
 *  when the cookie comes from somewhere that may not use it: it goes along with whatever another site has the browser
 *  send. */
export function refreshTokenOf(c: Context<AppEnv>, given: string | undefined): Result<ReceivedToken> {
  if (given) return ok({ token: given, transport: "body" });

  const token = refreshCookie(c);
  if (token && !hasAllowedOrigin(c)) return err("origin_not_allowed");
  return ok({ token, transport: "cookie" });
}

/** Takes the cookie back where the request may touch it and its session is the one that ended; also where it is no token
 *  at all, for no script can remove it. */
export function clearRefreshCookie<E extends AppEnv>(c: Context<E>, endedSessionId: string | undefined) {
  const token = refreshCookie(c);
  if (!token || !hasAllowedOrigin(c)) return;
  const sessionId = sessionOf(token);
  if (sessionId === undefined || sessionId === endedSessionId) setRefreshCookie(c, "", 0);
}

export const refreshCookie = (c: Context): string | undefined => getCookie(c, NAME, "host");

/** Reads which session a refresh token names, without verifying it. */
export const sessionOf = (token: string): string | undefined => decodeRefreshToken(token)?.sessionId;

/** Whether the browser says that one of our own frontends or pages sent this. */
export function hasAllowedOrigin<E extends AppEnv>(c: Context<E>): boolean {
  const { ALLOWED_ORIGINS, ISSUER } = c.var.deps.config;
  return [ISSUER, ...ALLOWED_ORIGINS].includes(c.req.header("origin") ?? "");
}

export function setRefreshCookie<E extends AppEnv>(c: Context<E>, value: string, maxAge: number) {
  const sameSite = c.var.deps.config.COOKIE_SAMESITE;
  setCookie(c, NAME, value, { prefix: "host", httpOnly: true, sameSite, maxAge });
}

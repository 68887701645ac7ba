import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { SessionRef } from "../contract/session-ref.ts";
import type { Tokens } from "../contract/tokens.ts";
import { verifyAccessToken } from "../crypto/access-token.ts";
import { fail } from "../http/answer.ts";
import type { AppEnv } from "../http/app-env.ts";
import { setDeviceCookie } from "../http/device-cookie.ts";
import { forgetLoginBrowser } from "../http/login-browser.ts";
import { dropPageCookies, pageCookie, setPageCookie } from "../http/page-cookies.ts";
import { refreshCookie, sessionOf, setRefreshCookie } from "../http/refresh-cookie.ts";
import type { Err } from "../result.ts";
import type { ReceivedToken } from "../schemas/tokens.ts";
import type { FormValues } from "./fields.tsx";
import { askToSendAgain } from "./unsent-form.ts";

const ACCESS = "access_token";

/** The session of a page, with what its access token says about the sign-in. */
export interface PageSession extends SessionRef {
  /** How the user authenticated (RFC 8176). */
  amr: string[];
  /** When the user last proved a credential. Unix seconds. */
  authenticatedAt: number;
}

export type SignedInEnv = AppEnv & { Variables: { session: PageSession } };

/**
 * Requires a signed-in user and sets their session as `c.var.session`. An expired access token is
 * renewed on the way, form and all (307). Anyone else is sent to sign in and comes back.
 */
export const signedIn = createMiddleware<SignedInEnv>(async (c, next) => {
  const session = await currentSession(c);
  if (session) {
    // A form shown to one user must not act for another who has signed in to this browser since.
    if (c.req.method === "POST" && c.req.query("user") !== session.userId)
      return c.redirect("/account?notice=otherUser", 303);
    const refused = c.req.method === "POST" ? await c.var.deps.limit("sessions", session.userId) : undefined;
    if (refused) return fail(c, refused);
    c.set("session", session);
    return next();
  }
  return refreshTokenIn(c).token ? renewFirst(c) : askToSignIn(c);
});

/** Renews the session on the way to this page, or to the act of this form. */
export function renewFirst(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  const to = new URLSearchParams({ to: pathname + search });
  return c.redirect(`/session/renew?${to}`, c.req.method === "GET" ? 303 : 307);
}

/** Builds the action of an account form, which names the user to whom the form was shown. */
export const actionOf = (c: Context<SignedInEnv>, path: string) =>
  `${path}?${new URLSearchParams({ user: c.var.session.userId })}`;

/**
 * Returns the session of the access token in the cookie, if it is valid and belongs to the same
 * session as the refresh token, which must be valid too. The API may have replaced that one, and
 * only knows its own cookie.
 */
export async function currentSession<E extends AppEnv>(c: Context<E>): Promise<PageSession | undefined> {
  const { tokens, now } = c.var.deps;
  const [access, refresh] = [accessTokenIn(c), refreshTokenIn(c).token];
  const claims = access && refresh ? await verifyAccessToken(tokens, access, now()) : undefined;
  if (!claims || claims.sid !== sessionOf(c, refresh ?? "")) return undefined;
  return { userId: claims.sub, sessionId: claims.sid, amr: claims.amr, authenticatedAt: claims.auth_time };
}

export const accessTokenIn = (c: Context): string | undefined => pageCookie(c, ACCESS);

export const refreshTokenIn = (c: Context): ReceivedToken => ({
  token: refreshCookie(c),
  transport: "cookie",
});

/** Returns the id of the session that a sign-in replaces in this browser. */
export const previousSession = (c: Context): string | undefined => sessionOf(c, refreshTokenIn(c).token ?? "");

/**
 * Redirects to the sign-in page, and from there back to this page. A submitted form does nothing.
 */
export function askToSignIn<E extends AppEnv>(c: Context<E>): Response | Promise<Response> {
  forgetSession(c);
  if (c.req.method === "POST") return askToSendAgain(c, c.req.url);
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`/sign-in?${new URLSearchParams({ return_to: pathname + search })}`, 303);
}

/**
 * Tests whether the user signed in with a password, so that forms ask for it again. Other users may
 * have none: they confirm with the factor that they used.
 */
export const asksForPassword = ({ amr }: PageSession): boolean => amr.includes("pwd");

/** The page that asks a signed-in user for another proof. */
export const IDENTITY_PATH = "/account/confirm-identity";

/**
 * Leads to the page that asks for a second factor, and from there to `to`, by default back to this
 * page. A submitted form does nothing; `id` is what it is about.
 */
export function askToConfirmIdentity(c: Context, { id, to }: { id?: string | undefined; to?: string } = {}): Response {
  const { pathname, search } = new URL(c.req.url);
  const query = c.req.method === "GET" ? search : id ? `?${new URLSearchParams({ id })}` : "";
  return c.redirect(`${IDENTITY_PATH}?${new URLSearchParams({ return_to: to ?? pathname + query })}`, 303);
}

/**
 * Returns what a form needs before it changes how the user signs in, by why the change without a
 * proof was refused: another page first, or the password, for which `password` stands.
 */
export function askForProof(c: Context<SignedInEnv>, refused: Err): FormValues | Response | Promise<Response> {
  if (refused.code !== "reauthentication_required") return askToSignIn(c);
  return refused.acr || !asksForPassword(c.var.session) ? askToConfirmIdentity(c) : { password: "" };
}

/** Stores the tokens in cookies that no script can read. */
export function keepSession<E extends AppEnv>(c: Context<E>, tokens: Tokens) {
  setPageCookie(c, ACCESS, tokens.access_token, tokens.expires_in);
  setRefreshCookie(c, tokens.refresh_token, tokens.refresh_expires_in);
  if (tokens.device_token) setDeviceCookie(c, tokens.device_token);
}

export function forgetSession<E extends AppEnv>(c: Context<E>) {
  dropPageCookies(c);
  forgetLoginBrowser(c);
  if (refreshTokenIn(c).token) setRefreshCookie(c, "", 0);
}

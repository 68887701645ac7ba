import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type AccessClaims, verifyAccessToken } from "../crypto/tokens.ts";
import type { AppEnv } from "../http/app-env.ts";
import { refreshCookie, sessionOf, setRefreshCookie } from "../http/refresh-cookie.ts";
import type { IssuedTokens, PresentedToken } from "../schemas/tokens.ts";
import { dropPageCookie, pageCookie, setPageCookie } from "./cookies.ts";
import { forget } from "./remembered.ts";

const ACCESS = "access_token";

export type SignedInEnv = AppEnv & { Variables: { auth: AccessClaims } };

/** Lets who is signed in through, with their claims as `c.var.auth`. An access token that has expired is renewed on the way,
 *  form and all (307); who is not signed in is asked to, and comes back. */
export const signedIn = createMiddleware<SignedInEnv>(async (c, next) => {
  const claims = await claimsOf(c);
  if (claims) {
    // A form shown to one user must not act for another, who has signed in at this browser since.
    if (c.req.method === "POST" && c.req.query("user") !== claims.sub)
      return c.redirect("/account?notice=otherUser", 303);
    c.set("auth", claims);
    return next();
  }
  if (!refreshTokenIn(c).token) return askToSignIn(c);
  const { pathname, search } = new URL(c.req.url);
  const to = new URLSearchParams({ to: pathname + search });
  return c.redirect(`/session/renew?${to}`, c.req.method === "GET" ? 303 : 307);
});

/** Where a form of an account is sent to: whom it was shown to stands there. */
export const actionOf = (c: Context<SignedInEnv>, path: string) =>
  `${path}?${new URLSearchParams({ user: c.var.auth.sub })}`;

/** The claims of the access token in the cookie, while that is good and of the same session as the refresh token: the API
 *  may have begun or ended one meanwhile, and knows that cookie alone. */
export async function claimsOf<E extends AppEnv>(c: Context<E>): Promise<AccessClaims | undefined> {
  const { tokens, now } = c.var.deps;
  const [access, refresh] = [accessTokenIn(c), refreshTokenIn(c).token];
  const claims = access && refresh ? await verifyAccessToken(tokens, access, now()) : undefined;
  return claims && claims.sid === sessionOf(refresh ?? "") ? claims : undefined;
}

export const accessTokenIn = (c: Context): string | undefined => pageCookie(c, ACCESS);

export const refreshTokenIn = (c: Context): PresentedToken => ({
  token: refreshCookie(c),
  transport: "cookie",
});

/** To the page to sign in at, and back to this one. A form that was sent is lost. */
export function askToSignIn<E extends AppEnv>(c: Context<E>) {
  forgetSession(c);
  const { pathname, search } = new URL(c.req.url);
  const back = c.req.method === "GET" ? `?${new URLSearchParams({ return_to: pathname + search })}` : "";
  return c.redirect(`/sign-in${back}`, 303);
}

/** Keeps a session where no script can read it. */
export function keepSession<E extends AppEnv>(c: Context<E>, tokens: IssuedTokens) {
  setPageCookie(c, ACCESS, tokens.access_token, tokens.expires_in);
  setRefreshCookie(c, tokens.refresh_token, tokens.refresh_expires_in);
}

export function forgetSession<E extends AppEnv>(c: Context<E>) {
  dropPageCookie(c, ACCESS);
  if (refreshTokenIn(c).token) setRefreshCookie(c, "", 0);
  // The next one at this browser may be somebody else.
  forget(c, "identifier");
  forget(c, "return_to");
}

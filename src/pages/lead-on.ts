/** What follows each step of a sign-in in a browser, whichever way it goes. */
import type { Context } from "hono";
import type { Tokens } from "../contract/tokens.ts";
import { decodeRefreshToken } from "../crypto/tokens.ts";
import type { AppEnv } from "../http/app-env.ts";
import { forgetLoginBrowser } from "../http/login-browser.ts";
import { dropPageCookie, forget, keepsCookies, pageCookie, remember } from "../http/page-cookies.ts";
import { rememberProvider } from "../http/provider-cookie.ts";
import type { Err, Result } from "../result.ts";
import { nameAccount } from "./account-name.ts";
import { askForNextStep, forgetPendingSignIn, NO_COOKIES } from "./pending-sign-in.ts";
import { type ReturnTo, rememberReturn } from "./return-to.ts";
import { keepSession } from "./session.ts";

interface Way {
  /** The identifier that was typed, or another name of the account. Empty for a passkey. */
  identifier: string;
  returnTo: ReturnTo | undefined;
  /** Where to go without a return address. */
  landing?: string;
  /** The identity provider of a first step, or null for another way in. */
  provider?: string | null;
}

/** Leads on after a step of a sign-in: to the next step, or into the account. */
export function leadOn(
  c: Context<AppEnv>,
  tokens: Result<Tokens>,
  { identifier, returnTo, landing = "/account", provider }: Way,
): Response | Err {
  if (provider !== undefined) rememberProvider(c, provider);
  if (!tokens.ok) {
    const next = askForNextStep(c, tokens, { identifier, returnTo });
    if (next) return next;
    if (tokens.code !== "verification_required") return tokens;
    remember(c, "identifier", identifier);
    rememberReturn(c, returnTo);
    return c.redirect("/verify?notice=required", 303);
  }
  keepSession(c, tokens.value);
  forgetPendingSignIn(c);
  if (identifier) nameAccount(c, decodeRefreshToken(tokens.value.refresh_token)?.userId ?? "", identifier);
  forget(c, "return_to");
  dropPageCookie(c, "login_sent");
  forgetLoginBrowser(c);
  const to = afterSignIn(c, returnTo?.address ?? landing);
  if (keepsCookies(c)) return c.redirect(to, 303);
  return c.redirect(`/sign-in?${new URLSearchParams({ notice: NO_COOKIES, return_to: to })}`, 303);
}

/** The page that asks whether to link the identity that was proven before this sign-in. */
export const LINK_PATH = "/account/identities/link";

/** Returns where a finished sign-in leads: to this address, past the question about a link. */
export const afterSignIn = (c: Context, to: string): string =>
  pageCookie(c, "pending_link") ? `${LINK_PATH}?${new URLSearchParams({ return_to: to })}` : to;

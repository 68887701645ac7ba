/**
 * Who may use the console: an administrator with a session of the hosted pages. `AdminService`
 * reads the account for each request, so a demotion counts at once. It checks the role again in the
 * statement of each act.
 */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { languageCookie } from "../../../../src/http/language-cookie.ts";
import { preferencesOf } from "../../../../src/http/request-context.ts";
import { DEFAULT_LOCALE, pickLocale } from "../../../../src/locales/locales.ts";
import { err } from "../../../../src/result.ts";
import { WORDS } from "../locales/locales.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { failurePage } from "./layout.tsx";

/** Chooses the language as the hosted pages do. */
export const chooseWords = createMiddleware<ConsoleEnv>((c, next) => {
  const locale =
    languageCookie(c) ?? pickLocale(preferencesOf(c.req.header("accept-language") ?? "")) ?? DEFAULT_LOCALE;
  c.set("locale", locale);
  c.set("t", WORDS[locale]);
  return next();
});

/**
 * Refuses forms that another site sent (CSRF). Browsers since 2023 send `Sec-Fetch-Site`. It comes
 * first, because their `Origin` is `null` here: the pages have the referrer policy `no-referrer`.
 */
export const fromOwnPage = createMiddleware<ConsoleEnv>((c, next) => {
  if (isRead(c)) return next();
  const site = c.req.header("sec-fetch-site");
  const isOwn = site ? site === "same-origin" : c.req.header("origin") === new URL(c.req.url).origin;
  return isOwn ? next() : Promise.resolve(failurePage(c, err("origin_not_allowed")));
});

/**
 * Requires an administrator. A visitor without a session signs in and comes back; an expired access
 * token is renewed on the way, form and all (307). For any other user the console does not exist.
 */
export const requireAdministrator = createMiddleware<ConsoleEnv>(async (c, next) => {
  const found = await c.env.ADMIN.identifyAdministrator(c.req.raw.headers);
  if (found.ok) {
    c.set("administrator", found.value);
    return next();
  }
  const path = pathOf(c);
  if (found.code === "unauthenticated") {
    return isRead(c)
      ? c.redirect(`/sign-in?${new URLSearchParams({ return_to: path })}`, 303)
      : c.redirect(`/session/renew?${new URLSearchParams({ to: path })}`, 307);
  }
  if (found.code === "reauthentication_required") return askToConfirmIdentity(c);
  return failurePage(c, found.code === "forbidden" ? err("not_found") : found);
});

/** Leads to the page that asks for another proof, and from there back. A form does nothing. */
export const askToConfirmIdentity = (c: Context<ConsoleEnv>): Response =>
  c.redirect(`/account/confirm-identity?${new URLSearchParams({ return_to: pathOf(c) })}`, 303);

/** The address of the page. That of a form is also that of its act. */
const pathOf = (c: Context) => {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
};

const isRead = (c: Context) => ["GET", "HEAD"].includes(c.req.method);

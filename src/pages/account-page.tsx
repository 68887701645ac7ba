import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { Err } from "../result.ts";
import { Notice } from "./form-parts.tsx";
import { showPage, translations } from "./page.tsx";
import type { SignedInEnv } from "./session.ts";
import { isUnsent } from "./unsent-form.ts";

interface AccountPage {
  title: string;
  /** The cards of the page. */
  children: Child;
  failure?: Err | undefined;
  /** Origin, besides our own, that a form may redirect to. */
  formTarget?: string | undefined;
}

const PAGES = ["account", "sessions", "activity"] as const;

/**
 * Renders a page of the signed-in user's account: a navigation beside it, and a word to users who
 * come back to a form.
 */
export async function showAccountPage(c: Context<SignedInEnv>, { title, children, failure, formTarget }: AccountPage) {
  const t = await translations(c);
  return showPage(c, {
    title,
    failure,
    formTarget,
    nav: (
      <nav class="tabs">
        {PAGES.map((name) => {
          const href = name === "account" ? "/account" : `/account/${name}`;
          return (
            <a href={href} aria-current={isWithin(c.req.path, href) ? "page" : undefined}>
              {t.account.nav[name]}
            </a>
          );
        })}
        <form method="post" action="/sign-out">
          <button type="submit">{t.account.nav.signOut}</button>
        </form>
      </nav>
    ),
    children: (
      <>
        {isUnsent(c) && <Notice neutral>{t.account.unsent}</Notice>}
        {children}
      </>
    ),
  });
}

/** Tests whether a page belongs to this entry of the navigation. Forms belong to the account. */
const isWithin = (path: string, href: string) =>
  href === "/account" ? !/^\/account\/(sessions|activity)/.test(path) : path.startsWith(href);

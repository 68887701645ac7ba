import type { Context, Env } from "hono";
import type { Child } from "hono/jsx";
import { applyErrorHeaders } from "../http/problem.ts";
import { fill } from "../locales/fill.ts";
import { directionOf, type Locale, type PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import { LanguageSwitch } from "./language-switch.tsx";

interface PageDocument {
  t: PageMessages;
  locale: Locale;
  /** The name of the service. */
  name: string;
  title: string;
  /** Marks beside the title. */
  badges?: Child;
  /** The error that the page reports. It sets the status and the title. */
  failure?: Err | undefined;
  /** Elements of the head besides the style sheet and the script. */
  head: Child;
  /** The header. */
  brand: Child;
  /** Navigation beside the content, which then is not in a card but has cards of its own. */
  nav?: Child;
  children: Child;
  /** The languages can be chosen. */
  hasLanguages: boolean;
  /** The directives of the content security policy. */
  policy: string[];
}

/** Answers with the document that the hosted pages and the console have in common. */
export function sendDocument<E extends Env>(c: Context<E>, page: PageDocument) {
  const { t, locale, name, title, badges, failure, head, brand, nav, children, hasLanguages, policy } = page;
  // Screen readers announce the title first.
  const heading = failure ? fill(t.common.labeled, { label: t.errors.titlePrefix, value: title }) : title;
  const document = (
    <html lang={locale} dir={directionOf(locale)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${heading} · ${name}`}</title>
        <link rel="stylesheet" href="/pages/page.css" />
        {head}
        <script type="module" src="/pages/page.js" />
      </head>
      <body
        class={nav ? "settings" : undefined}
        data-show={t.common.show}
        data-hide={t.common.hide}
        data-labeled={t.common.labeled}
      >
        <header class="brand">{brand}</header>
        <main>
          {nav}
          <div class={nav ? "content" : "card"}>
            <h1>
              {title}
              {badges && <> {badges}</>}
            </h1>
            {children}
          </div>
        </main>
        {hasLanguages && (
          <footer>
            <LanguageSwitch t={t} c={c} locale={locale} />
          </footer>
        )}
      </body>
    </html>
  );
  const { status } = failure ? applyErrorHeaders(c, failure) : { status: 200 as const };
  return c.html(`<!doctype html>${document}`, status, { "Content-Security-Policy": policy.join("; ") });
}

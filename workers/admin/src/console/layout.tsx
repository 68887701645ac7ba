/** The layout of the pages of the console: that of the hosted pages, with its own navigation. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { type ErrorCode, errors } from "../../../../src/errors.ts";
import { applyErrorHeaders } from "../../../../src/http/problem.ts";
import { fill } from "../../../../src/locales/fill.ts";
import { iconOf, Mark } from "../../../../src/pages/brand.tsx";
import { LanguageSwitch } from "../../../../src/pages/language-switch.tsx";
import type { Err } from "../../../../src/result.ts";
import type { ConsoleEnv } from "./console-env.ts";

export const STYLES_PATH = "/admin/console.css";

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECTIONS = ["users", "clients", "messages"] as const;

interface Page {
  title: string;
  children: Child;
  /** Marks beside the title. */
  badges?: Child;
  /** The error that the page reports. It sets the status and the title. */
  failure?: Err | undefined;
}

/** Renders a page, with the navigation if an administrator sees it. */
export function showPage(c: Context<ConsoleEnv>, { title, children, badges, failure }: Page) {
  const { t, locale } = c.var;
  const administrator = c.get("administrator");
  const { host } = new URL(c.req.url);
  // Screen readers announce the title first.
  const heading = failure ? fill(t.common.labeled, { label: t.errors.titlePrefix, value: title }) : title;
  const document = (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${heading} · ${host}`}</title>
        <link rel="stylesheet" href="/pages/page.css" />
        {administrator && <link rel="stylesheet" href={STYLES_PATH} />}
        <link rel="icon" href={iconOf()} />
        <script type="module" src="/pages/page.js" />
      </head>
      <body
        class={administrator ? "settings" : undefined}
        data-show={t.common.show}
        data-hide={t.common.hide}
        data-labeled={t.common.labeled}
      >
        <header class="brand">
          <Mark />
          <span>{host}</span>
          {administrator && <span class="soft">{t.admin.title}</span>}
        </header>
        <main>
          {administrator && <Navigation c={c} />}
          <div class={administrator ? "content" : "card"}>
            <h1>
              {title} {badges}
            </h1>
            {children}
          </div>
        </main>
        <footer>
          <LanguageSwitch t={t} c={c} locale={locale} />
        </footer>
      </body>
    </html>
  );
  const { status } = failure ? applyErrorHeaders(c, failure) : { status: 200 as const };
  return c.html(`<!doctype html>${document}`, status, { "Content-Security-Policy": POLICY });
}

function Navigation({ c }: { c: Context<ConsoleEnv> }) {
  const { t, administrator } = c.var;
  return (
    <nav class="tabs">
      {SECTIONS.map((name) => (
        <a href={`/admin/${name}`} aria-current={c.req.path.startsWith(`/admin/${name}`) ? "page" : undefined}>
          {t.admin.nav[name]}
        </a>
      ))}
      <a href="/account">{t.admin.nav.own}</a>
      <form method="post" action="/sign-out">
        <button type="submit">{t.account.nav.signOut}</button>
      </form>
      <p class="soft who">{administrator.display_name}</p>
    </nav>
  );
}

const PAGES: Partial<Record<ErrorCode, "notFound" | "foreignForm">> = {
  not_found: "notFound",
  origin_not_allowed: "foreignForm",
};

/** Renders a failure as the hosted pages do: nothing of it says that there is a console. */
export function failurePage(c: Context<ConsoleEnv>, failure: Err) {
  const { t } = c.var;
  const { code } = failure;
  const page = t.errors.pages[PAGES[code] ?? (errors[code].status === 503 ? "busy" : "failed")];
  const children = (
    <>
      {"text" in page && <p>{page.text}</p>}
      <a class="button secondary" href="/sign-in">
        {t.login.signIn}
      </a>
      <p class="soft">
        {t.errors.titlePrefix} <code>{code}</code>
      </p>
    </>
  );
  return showPage(c, { title: page.title, failure, children });
}

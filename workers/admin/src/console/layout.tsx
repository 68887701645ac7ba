/** The layout of the pages of the console: that of the hosted pages, with its own navigation. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { type ErrorCode, errors } from "../../../../src/errors.ts";
import { iconOf, Mark } from "../../../../src/pages/brand.tsx";
import { sendDocument } from "../../../../src/pages/document.tsx";
import { FailureCode, SignInLink } from "../../../../src/pages/failure-foot.tsx";
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
];

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
export function showPage(c: Context<ConsoleEnv>, page: Page) {
  const { t, locale } = c.var;
  const administrator = c.get("administrator");
  const { host: name } = new URL(c.req.url);
  const head = (
    <>
      {administrator && <link rel="stylesheet" href={STYLES_PATH} />}
      <link rel="icon" href={iconOf()} />
    </>
  );
  const brand = (
    <>
      <Mark />
      <span>{name}</span>
      {administrator && <span class="soft">{t.admin.title}</span>}
    </>
  );
  const nav = administrator && <Navigation c={c} />;
  return sendDocument(c, { ...page, t, locale, name, head, brand, nav, hasLanguages: true, policy: POLICY });
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
      <SignInLink t={t} />
      <FailureCode t={t} code={code} />
    </>
  );
  return showPage(c, { title: page.title, failure, children });
}

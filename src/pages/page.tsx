import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../http/app-env.ts";
import { applyErrorHeaders } from "../http/problem.ts";
import { fill } from "../locales/fill.ts";
import { DEFAULT_LOCALE, directionOf, type Locale, type PageMessages } from "../locales/locales.ts";
import { messagesIn } from "../locales/messages-in.ts";
import type { Err } from "../result.ts";
import { colorsOf, iconOf, Mark } from "./brand.tsx";
import { CAPTCHA_ORIGIN, CaptchaScript } from "./captcha.tsx";
import { LanguageSwitch } from "./language-switch.tsx";

/** Returns the language of a page: what was chosen on a page, or what the browser prefers. */
export const localeOf = <E extends AppEnv>(c: Context<E>): Locale =>
  c.get("deps")?.requestContext.locale ?? DEFAULT_LOCALE;

export const translations = async <E extends AppEnv>(c: Context<E>): Promise<PageMessages> =>
  (await messagesIn(c.env.ASSETS, localeOf(c))).pages;

interface Page {
  title: string;
  children: Child;
  /** Error that the page reports. It sets the status and the title. */
  failure?: Err | undefined;
  /**
   * Origin, besides our own, that a form may redirect to. Browsers apply `form-action` to redirects
   * too.
   */
  formTarget?: string | undefined;
  /** The page shows Turnstile's widget. */
  hasCaptcha?: boolean;
  /** Navigation beside the content, which then is not in a card but has cards of its own. */
  nav?: Child;
}

/**
 * Renders a page. Its content security policy allows our own style sheet and script, the logo of
 * the brand, and Turnstile if the page has a captcha.
 */
export async function showPage<E extends AppEnv>(c: Context<E>, page: Page) {
  const { title, children, failure, formTarget, hasCaptcha, nav } = page;
  const config = c.get("deps")?.config;
  const { locale, pages: t } = await messagesIn(c.env.ASSETS, localeOf(c));
  const name = config?.BRAND_NAME ?? new URL(c.req.url).host;
  // Screen readers announce the title first.
  const heading = failure ? fill(t.common.labeled, { label: t.errors.titlePrefix, value: title }) : title;
  const nonce = crypto.randomUUID();
  const logo = config?.BRAND_LOGO_URL?.startsWith("http") ? new URL(config.BRAND_LOGO_URL).origin : "";
  const policy = [
    "default-src 'none'",
    `style-src 'self' 'nonce-${nonce}'`,
    `script-src 'self' ${hasCaptcha ? CAPTCHA_ORIGIN : ""}`.trim(),
    "connect-src 'self'",
    ...(hasCaptcha ? [`frame-src ${CAPTCHA_ORIGIN}`] : []),
    `img-src 'self' data: ${logo}`.trim(),
    `form-action 'self' ${formTarget ?? ""}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  const document = (
    <html lang={locale} dir={directionOf(locale)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${heading} · ${name}`}</title>
        <link rel="stylesheet" href="/pages/page.css" />
        <link rel="icon" href={config?.BRAND_LOGO_URL ?? iconOf(config?.BRAND_COLOR.light.fill)} />
        {config && <style nonce={nonce}>{colorsOf(config.BRAND_COLOR)}</style>}
        <script type="module" src="/pages/page.js" />
        {hasCaptcha && <CaptchaScript />}
      </head>
      <body
        class={nav ? "settings" : undefined}
        data-show={t.common.show}
        data-hide={t.common.hide}
        data-labeled={t.common.labeled}
      >
        <header class="brand">
          {config?.BRAND_LOGO_URL ? <img src={config.BRAND_LOGO_URL} alt="" /> : <Mark />}
          <span>{name}</span>
        </header>
        <main>
          {nav}
          <div class={nav ? "content" : "card"}>
            <h1>{title}</h1>
            {children}
          </div>
        </main>
        {c.get("deps") && (
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

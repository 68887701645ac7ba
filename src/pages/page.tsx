import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../http/app-env.ts";
import { DEFAULT_LOCALE, type Locale, type PageMessages } from "../locales/locales.ts";
import { messagesIn } from "../locales/messages-in.ts";
import type { Err } from "../result.ts";
import { colorsOf, iconOf, Mark } from "./brand.tsx";
import { CAPTCHA_ORIGIN, CaptchaScript } from "./captcha.tsx";
import { sendDocument } from "./document.tsx";

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
  const head = (
    <>
      <link rel="icon" href={config?.BRAND_LOGO_URL ?? iconOf(config?.BRAND_COLOR.light.fill)} />
      {config && <style nonce={nonce}>{colorsOf(config.BRAND_COLOR)}</style>}
      {hasCaptcha && <CaptchaScript />}
    </>
  );
  const brand = (
    <>
      {config?.BRAND_LOGO_URL ? <img src={config.BRAND_LOGO_URL} alt="" /> : <Mark />}
      <span>{name}</span>
    </>
  );
  const hasLanguages = Boolean(config);
  return sendDocument(c, { t, locale, name, title, failure, head, brand, nav, children, hasLanguages, policy });
}

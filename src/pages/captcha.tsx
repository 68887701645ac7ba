import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { CaptchaAction } from "../schemas/captcha.ts";

/** The origin of Turnstile's script and of its frame. */
export const CAPTCHA_ORIGIN = "https://challenges.cloudflare.com";

/** The widget of a form. */
export interface Captcha {
  siteKey: string;
  action: CaptchaAction;
}

/** Returns the widget of this action, or undefined if Turnstile is not set up. */
export function captchaOf<E extends AppEnv>(c: Context<E>, action: CaptchaAction): Captcha | undefined {
  const { TURNSTILE_SITE_KEY: siteKey } = c.var.deps.config;
  return siteKey ? { siteKey, action } : undefined;
}

/**
 * Turnstile's script. It can read the page and learns its URL, so a page with a secret in its URL
 * must not have it.
 */
export const CaptchaScript = () => <script src={`${CAPTCHA_ORIGIN}/turnstile/v0/api.js`} async defer />;

/** Turnstile's widget. The script adds the token to the form around it, as `turnstile_token`. */
export const CaptchaField = ({ t, captcha }: { t: PageMessages; captcha: Captcha | undefined }) =>
  captcha ? (
    <div
      class="cf-turnstile"
      data-sitekey={captcha.siteKey}
      data-action={captcha.action}
      data-response-field-name="turnstile_token"
      data-size="flexible"
    >
      <noscript>
        <p class="error">{t.common.captchaNeedsScript}</p>
      </noscript>
    </div>
  ) : null;

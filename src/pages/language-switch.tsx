import type { Context } from "hono";
import { LOCALES, type Locale, nameOfLanguage, type PageMessages } from "../locales/locales.ts";

/** Where the form is sent. It needs no session. */
export const LANGUAGE_PATH = "/language";

interface LanguageSwitchProps {
  t: PageMessages;
  c: Context;
  /** The language of the page. */
  locale: Locale;
}

/** One button for each language, in its own name. The form leads back to this page. */
export function LanguageSwitch({ t, c, locale: current }: LanguageSwitchProps) {
  const { pathname, search } = new URL(c.req.url);
  return (
    <form method="post" action={LANGUAGE_PATH} aria-label={t.common.language} class="languages">
      <input type="hidden" name="return_to" value={pathname + search} />
      {LOCALES.map((locale) => (
        <button
          type="submit"
          name="language"
          value={locale}
          lang={locale}
          class="link"
          aria-current={locale === current ? "true" : undefined}
        >
          {nameOfLanguage(locale)}
        </button>
      ))}
    </form>
  );
}

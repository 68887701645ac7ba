import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import type { PageMessages } from "../locales/locales.ts";
import { Notice } from "./fields.tsx";
import { isUnsent } from "./unsent-form.ts";

/** Navigation between the pages of an account, and a word to users who come back to a form. */
export const AccountNav = <E extends AppEnv>({ t, c }: { t: PageMessages; c: Context<E> }) => (
  <>
    <nav>
      {(["account", "sessions", "activity"] as const).map((name) => {
        const href = name === "account" ? "/account" : `/account/${name}`;
        return (
          <a href={href} aria-current={href === c.req.path ? "page" : undefined}>
            {t.account.nav[name]}
          </a>
        );
      })}
      <form method="post" action="/sign-out">
        <button type="submit" class="plain">
          {t.account.nav.signOut}
        </button>
      </form>
    </nav>
    {isUnsent(c) && <Notice>{t.login.notices.unsent}</Notice>}
  </>
);

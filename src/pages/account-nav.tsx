import type { PageMessages } from "../locales/locales.ts";

/** Navigation between the pages of an account. */
export const AccountNav = ({ t, path }: { t: PageMessages; path: string }) => (
  <nav>
    {(["account", "sessions", "activity"] as const).map((name) => {
      const href = name === "account" ? "/account" : `/account/${name}`;
      return (
        <a href={href} aria-current={href === path ? "page" : undefined}>
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
);

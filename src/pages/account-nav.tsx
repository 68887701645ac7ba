import type { PageWords } from "../locales/words.ts";

/** Between the pages of an account. */
export const AccountNav = ({ say, path }: { say: PageWords; path: string }) => (
  <nav>
    {(["account", "sessions", "activity"] as const).map((name) => {
      const href = name === "account" ? "/account" : `/account/${name}`;
      return (
        <a href={href} aria-current={href === path ? "page" : undefined}>
          {say.links[name]}
        </a>
      );
    })}
    <form method="post" action="/sign-out">
      <button type="submit" class="plain">
        {say.actions.signOut}
      </button>
    </form>
  </nav>
);

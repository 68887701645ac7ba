import type { PageWords } from "../locales/words.ts";

/** Between the pages of an account. */
export const AccountNav = ({ say }: { say: PageWords }) => (
  <nav>
    <a href="/account">{say.links.account}</a>
    <a href="/account/sessions">{say.links.sessions}</a>
    <a href="/account/activity">{say.links.activity}</a>
    <form method="post" action="/sign-out">
      <button type="submit" class="plain">
        {say.actions.signOut}
      </button>
    </form>
  </nav>
);

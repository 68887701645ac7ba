/** The parts that the consent page and the device page share. */
import type { AppEnv } from "../../http/app-env.ts";
import type { OauthMessages } from "../../locales/en/oauth.ts";
import { ScopeList, type ScopeListProps } from "../../pages/scope-list.tsx";
import { fillIn } from "../../pages/time.tsx";

/** Lists what a client asks for. The id of the account is in every token. */
export const AskedScopes = <E extends AppEnv>({ scopes, ...props }: Omit<ScopeListProps<E>, "class">) => (
  <ScopeList {...props} scopes={scopes.length > 0 ? scopes : ["openid"]} />
);

/** Says who is signed in, and signs out for another user, who comes back to `to`. */
export const AnotherAccount = ({ words, name, to }: { words: OauthMessages; name: string | null; to: string }) => (
  <form method="post" action="/sign-out" class="chip">
    <input type="hidden" name="return_to" value={to} />
    {name && <p>{fillIn(words.signedInAs, { name: <strong>{name}</strong> })}</p>}
    <button type="submit" class="link">
      {words.another.submit}
    </button>
  </form>
);

/** The two buttons, which send `answer` as `allow` or `deny`. */
export const Answers = ({ words }: { words: OauthMessages }) => (
  <div class="answers">
    <button type="submit" name="answer" value="allow">
      {words.allow.submit}
    </button>
    <button type="submit" name="answer" value="deny" class="secondary">
      {words.deny.submit}
    </button>
  </div>
);

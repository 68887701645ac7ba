import type { Context } from "hono";
import type { OwnScope } from "../../config/oauth.ts";
import type { AppEnv } from "../../http/app-env.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { localeOf } from "../../pages/page.tsx";

interface ScopeListProps<E extends AppEnv> {
  t: PageMessages;
  c: Context<E>;
  scopes: string[];
  class?: string;
}

/** What scopes allow, in words. A scope that the settings no longer have is shown by its name. */
export function ScopeList<E extends AppEnv>({ t, c, scopes, class: kind }: ScopeListProps<E>) {
  const words: Record<string, string> = t.oauth.scopes;
  const textOf = (scope: string) => {
    const known: OwnScope[] = c.var.deps.config.OAUTH_SCOPES;
    const own = known.find(({ name }) => name === scope)?.description;
    return own?.[localeOf(c)] ?? own?.en ?? words[scope] ?? <code>{scope}</code>;
  };
  return scopes.length > 0 ? (
    <ul class={kind ? `list ${kind}` : "list"}>
      {scopes.map((scope) => (
        <li>{textOf(scope)}</li>
      ))}
    </ul>
  ) : null;
}

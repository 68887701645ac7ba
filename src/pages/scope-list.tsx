/** Scopes in words, for consent, apps and API keys. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../http/app-env.ts";
import type { PageMessages } from "../locales/locales.ts";
import { localeOf } from "./page.tsx";

/** Returns the text of a scope. One that was removed from the settings is shown by its name. */
export function scopeText<E extends AppEnv>(c: Context<E>, t: PageMessages, scope: string): Child {
  const words: Record<string, string> = t.oauth.scopes;
  const { deps }: AppEnv["Variables"] = c.var;
  const own = deps.config.OAUTH_SCOPES.find(({ name }) => name === scope)?.description;
  return own?.[localeOf(c)] ?? own?.en ?? words[scope] ?? <code>{scope}</code>;
}

export interface ScopeListProps<E extends AppEnv> {
  t: PageMessages;
  c: Context<E>;
  scopes: string[];
  class?: string;
}

/** Lists what scopes allow. */
export const ScopeList = <E extends AppEnv>({ t, c, scopes, class: kind }: ScopeListProps<E>) =>
  scopes.length > 0 ? (
    <ul class={kind ? `list ${kind}` : "list"}>
      {scopes.map((scope) => (
        <li>{scopeText(c, t, scope)}</li>
      ))}
    </ul>
  ) : null;

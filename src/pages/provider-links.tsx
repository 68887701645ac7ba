/**
 * The buttons that sign in with an account at an identity provider. They are links: the policy of
 * our pages lets no form lead to another origin.
 */
import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { lastProvider } from "../http/provider-cookie.ts";
import { fill } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";
import { carryReturn, type ReturnTo } from "./return-to.ts";

type Providers = AppEnv["Variables"]["deps"]["config"]["IDENTITY_PROVIDERS"];

export const providersOf = <E extends AppEnv>(c: Context<E>): Providers => c.var.deps.config.IDENTITY_PROVIDERS;

/** The name of a provider, or its id if the service no longer has it. */
export const providerName = <E extends AppEnv>(c: Context<E>, id: string): string =>
  providersOf(c).find((provider) => provider.id === id)?.name ?? id;

/**
 * The mark of a provider, as its brand rules ask: Google's and Microsoft's in their colors,
 * GitHub's and Apple's in the color of the text, for light and dark. A file of ours has the
 * drawings.
 */
export const ProviderMark = ({ kind }: Pick<Providers[number], "kind">) => (
  <svg width="18" height="18" fill="currentColor" aria-hidden="true">
    <use href={`/pages/marks.svg#${kind}`} />
  </svg>
);

/** Where a sign-in at a provider begins. For a step-up, the provider is told to ask again. */
export function providerHref(id: string, returnTo: ReturnTo | undefined, isStepUp = false): string {
  const href = carryReturn(`/auth/social/${id}`, returnTo);
  return isStepUp ? `${href}${returnTo ? "&" : "?"}prompt=login` : href;
}

interface Props {
  t: PageMessages;
  c: Context;
  returnTo: ReturnTo | undefined;
  /** The ids of the providers to show, for a step-up. There is no other way above. */
  only?: string[];
}

export function ProviderLinks({ t, c, returnTo, only }: Props) {
  const providers = providersOf(c).filter(({ id }) => only?.includes(id) ?? true);
  if (providers.length === 0) return null;
  const last = lastProvider(c);
  return (
    <>
      {!only && <p class="or">{t.social.or}</p>}
      <ul class="providers">
        {providers.map(({ id, name, kind }) => (
          <li>
            <a class="button secondary" href={providerHref(id, returnTo, only !== undefined)}>
              <ProviderMark kind={kind} />
              {fill(t.social.continueWith, { provider: name })}
              {id === last && <span class="badge">{t.social.lastUsed}</span>}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

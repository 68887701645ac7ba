import type { Context } from "hono";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import type { IdentityProvider } from "../../identity-providers/provider.ts";
import { fill } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { Countdown } from "../../pages/form-parts.tsx";
import { wantsPage } from "../../pages/navigation.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { providerHref } from "../../pages/provider-links.tsx";
import { carryReturn, type ReturnTo } from "../../pages/return-to.ts";
import { IDENTITY_PATH } from "../../pages/session.ts";
import type { Err } from "../../result.ts";

type Provider = Pick<IdentityProvider, "id" | "name">;

interface Way {
  returnTo?: ReturnTo | undefined;
  /** A signed-in user was linking an identity. A sign-in instead would create another account. */
  isLink?: boolean;
  /** A signed-in user was proving the identity again. */
  isStepUp?: boolean;
}

/** Renders the failure of a sign-in at this provider: what to do now, as a page for a person. */
export const failSocial = <E extends AppEnv>(c: Context<E>, provider: Provider, failure: Err, way: Way = {}) =>
  wantsPage(c) ? showSocialFailure(c, provider, failure, way) : fail(c, failure);

/** Another start may succeed. */
const canRepeat = ({ code }: Err) => /^(provider_|invalid_state)/.test(code);

export async function showSocialFailure<E extends AppEnv>(
  c: Context<E>,
  { id, name: provider }: Provider,
  failure: Err,
  { returnTo, isLink, isStepUp }: Way = {},
) {
  const t = await translations(c);
  const { title, text } = wordsOf(t, failure);
  const children = (
    <>
      <p>{fill(text, { provider })}</p>
      {failure.retryAfterSeconds && <Countdown text={t.errors.retryIn} seconds={failure.retryAfterSeconds} />}
      {canRepeat(failure) && (
        <a
          class="button"
          href={isLink ? `/account/identities/add?provider=${id}` : providerHref(id, returnTo, isStepUp)}
        >
          {t.errors.tryAgain}
        </a>
      )}
      {failure.code === "verification_required" && (
        <a class="button" href={carryReturn("/sign-up", returnTo)}>
          {t.register.link}
        </a>
      )}
      {isLink ? (
        <a class="button secondary" href="/account/identities">
          {t.social.manage}
        </a>
      ) : (
        <a class="button secondary" href={carryReturn(isStepUp ? IDENTITY_PATH : "/sign-in", returnTo)}>
          {t.social.otherWays}
        </a>
      )}
    </>
  );
  return showPage(c, { title: fill(title, { provider }), failure, children });
}

function wordsOf({ social, errors }: PageMessages, { code }: Err) {
  const { failures } = social;
  if (code in failures) return failures[code as keyof typeof failures];
  return { ...failures.provider_refused, text: errors.byCode[code] ?? errors.unknown };
}

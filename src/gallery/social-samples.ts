/** The states of pages for accounts at identity providers. */
import { showAccount } from "../features/account/overview-page.tsx";
import { showSocialFailure } from "../features/social/failure-page.tsx";
import { showIdentities, showLeaving } from "../features/social/identities-page.tsx";
import { localeOf } from "../pages/page.tsx";
import { type Err, err } from "../result.ts";
import { byPasskey, form, type Sample, view } from "./sample.ts";
import { EMAIL, factors, identities, user } from "./sample-data.ts";

const provider = (id: "google" | "github" | "microsoft" | "apple" | "oidc", name: string) => ({
  id,
  name,
  kind: id,
  issuer: "https://id.example",
  clientId: "x",
  credential: { clientSecret: "x" },
  scopes: [],
  callbackMethod: "GET" as const,
});

const GOOGLE = provider("google", "Google");
const settings = {
  IDENTITY_PROVIDERS: [
    GOOGLE,
    provider("github", "GitHub"),
    provider("microsoft", "Microsoft"),
    provider("apple", "Apple"),
    provider("oidc", "Acme SSO"),
  ],
};

const withProviders = (sample: Sample): Sample => ({ ...sample, settings: { ...sample.settings, ...settings } });

const failed = (failure: Err): Sample =>
  view("/auth/social/google/callback", (c) => showSocialFailure(c, GOOGLE, failure));

const LINKED = { provider: "google", email: EMAIL };
const PASSWORD_ASKED = { password: "" };

const samples = (): Record<string, Sample> => ({
  "sign-in-providers": form("/sign-in", {}, undefined, { last_provider: "google" }),
  "sign-in-linking": form("/sign-in?link=google", { identifier: EMAIL }),
  "sign-up-providers": form("/sign-up"),
  "social-canceled": failed(err("provider_denied")),
  "social-unavailable": failed(err("provider_unavailable")),
  "social-failed": failed(err("provider_refused")),
  "social-not-asked": failed(err("provider_not_asked")),
  "social-expired": failed(err("invalid_state")),
  "social-taken": failed(err("identity_exists")),
  "social-unconfirmed": failed(err("verification_required")),
  "social-disabled": failed(err("account_disabled")),
  "social-locked": failed({ ...err("too_many_attempts"), retryAfterSeconds: 60 }),
  "account-identities": view("/account?notice=otherAccount", (c) =>
    showAccount(c, user({ locale: localeOf(c) }), factors({ password: false, identities: 2 })),
  ),
  identities: view("/account/identities?notice=identityLinked", (c) => showIdentities(c, identities())),
  "identities-none": view("/account/identities", (c) => showIdentities(c, [])),
  "identity-add": form("/account/identities/add", { provider: "google", ...PASSWORD_ASKED }),
  "identity-leaving": view("/account/identities/add", (c) => showLeaving(c, "google", "/auth/social/google")),
  "identity-link": form("/account/identities/link", LINKED),
  "identity-link-later": form("/account/identities/link", { ...LINKED, ...PASSWORD_ASKED }),
  "identity-link-no-email": form("/account/identities/link", { provider: "google" }),
  "identity-remove": form("/account/identities/remove", LINKED),
  "identity-remove-last-refused": form("/account/identities/remove", LINKED, err("last_credential")),
  "identity-provider": byPasskey("/account/confirm-identity", undefined, { factors: "", provider: "google" }),
  "identity-provider-or-code": byPasskey("/account/confirm-identity", undefined, {
    factors: "",
    provider: "google",
    by_code: "true",
  }),
});

export const socialSamples = (): Record<string, Sample> =>
  Object.fromEntries(Object.entries(samples()).map(([name, sample]) => [name, withProviders(sample)]));

/**
 * Signing in with an account at an identity provider.
 *
 * The provider proves an identity: issuer and subject. An identity that is linked signs its user
 * in as one factor. An unknown one creates an account, or has to be linked first if an account has
 * its address: an address at a provider never signs in to an account here.
 */

import { afterCommit } from "../../auth/after-commit.ts";
import { guessSource } from "../../auth/lockout.ts";
import { completeSignIn } from "../../auth/sign-in.ts";
import type { Tokens } from "../../contract/tokens.ts";
import { createSecret } from "../../crypto/one-time.ts";
import type { Deps } from "../../deps.ts";
import { authorizationUrl } from "../../identity-providers/authorization-url.ts";
import type { IdentityProvider, UpstreamIdentity } from "../../identity-providers/provider.ts";
import type { Result } from "../../result.ts";
import type { IdentityRow } from "../../storage/identities.ts";
import { findIdentityAccount } from "../../storage/sign-in-accounts.ts";
import { newUser } from "../../storage/users.ts";
import { type LinkRequest, STATE_TTL_SECONDS, sealState } from "./state.ts";

export const providerOf = ({ config }: Deps, id: string): IdentityProvider | undefined =>
  config.IDENTITY_PROVIDERS.find((provider) => provider.id === id);

/** Where the provider sends the browser back to. */
export const callbackOf = ({ config }: Deps, { id }: IdentityProvider): string =>
  `${config.ISSUER}/auth/social/${id}/callback`;

interface Start {
  /** The cookie of the browser. */
  browser: string;
  returnTo: string | undefined;
  /** A link, whose time goes on. */
  link?: LinkRequest | undefined;
  /** Undefined if the provider need not ask a user whom it knows. */
  maxAgeSeconds?: number | undefined;
}

/** A longer one would make a URL that providers and servers refuse. */
const MAX_RETURN_LENGTH = 1500;

/** Returns where a sign-in at a provider begins. Errors: `provider_unavailable`. */
export async function beginSignIn(
  deps: Deps,
  provider: IdentityProvider,
  { browser, returnTo: wanted, link, maxAgeSeconds }: Start,
): Promise<Result<URL>> {
  const expiresAt = link?.expiresAt ?? deps.now() + STATE_TTL_SECONDS * 1000;
  // The browser has remembered a long one.
  const returnTo = wanted && wanted.length > MAX_RETURN_LENGTH ? "" : wanted;
  const kept = { nonce: createSecret(), codeVerifier: createSecret(), maxAgeSeconds };
  return authorizationUrl(deps, provider, {
    ...kept,
    redirectUri: callbackOf(deps, provider),
    state: await sealState(deps, provider, browser, { ...kept, returnTo, owner: link?.owner, expiresAt }),
  });
}

/** An identity that was proven, not yet linked. */
export const newIdentity = (
  { id: provider }: IdentityProvider,
  { issuer, subject, email }: UpstreamIdentity,
  { userId, at }: { userId: string; at: number },
): IdentityRow => ({
  issuer,
  subject,
  id: crypto.randomUUID(),
  userId,
  provider,
  email,
  linkedAt: at,
  lastUsedAt: null,
});

/** How a sign-in by an identity goes on. */
type SocialSignIn =
  | { step: "done"; tokens: Result<Tokens> /** A name of the account. */; name: string }
  /** An account has the address: its user signs in another way, and then may link. */
  | { step: "sign-in"; identity: IdentityRow }
  /** The service requires a proven address, and the provider proves none. */
  | { step: "sign-up" };

interface Proof {
  upstream: UpstreamIdentity;
  /** The state that came back, which is used up. */
  nonce: string;
  previousSessionId: string | undefined;
}

/**
 * Signs the user of an identity in, or creates the account of an unknown one in the batch that
 * opens the session. The account takes over the profile and the address.
 *
 * An address that the provider did not verify is ignored: it may be that of another person, whose
 * account it must neither reveal nor claim. `REQUIRE_VERIFICATION` then lets nobody in.
 *
 * Errors of the tokens: those of `completeSignIn`; `invalid_code` if the state was used, or another
 * account has just taken the address.
 */
export async function signInByIdentity(
  deps: Deps,
  provider: IdentityProvider,
  { upstream, nonce, previousSessionId }: Proof,
): Promise<SocialSignIn> {
  const at = deps.now();
  const source = guessSource(deps);
  const { issuer, subject, firstName, lastName, locale } = upstream;
  const email = upstream.emailVerified ? upstream.email : null;
  const {
    account: existing,
    name,
    holder,
  } = await findIdentityAccount(deps.db, { issuer, subject, email }, source.device, at);
  if (!existing && email === null && deps.config.REQUIRE_VERIFICATION) return { step: "sign-up" };
  if (!existing && holder)
    return { step: "sign-in", identity: newIdentity(provider, upstream, { userId: holder, at }) };

  const user = existing
    ? undefined
    : newUser({ email, emailVerifiedAt: email === null ? null : at, firstName, lastName, locale }, at);
  const account = existing ?? {
    ...(user as NonNullable<typeof user>),
    userId: user?.id ?? "",
    factors: [],
    hasPassword: false,
  };
  const { userId, credentialVersion } = account;
  const tokens = await completeSignIn(
    deps,
    {
      userId,
      credentialVersion,
      // Not registered (RFC 8176 §2): the methods of the provider are not ours to claim.
      amr: ["fed"],
      authenticatedAt: upstream.authenticatedAt ?? at,
      guess: { ...source, account: { userId } },
      identity: {
        identity: newIdentity(provider, upstream, { userId, at }),
        state: { id: nonce, expiresAt: at + STATE_TTL_SECONDS * 1000 },
        user,
      },
      previousSessionId,
    },
    account,
  );
  if (user && (tokens.ok || tokens.secondFactor)) afterCommit(deps, { event: "registered", userId });
  return { step: "done", tokens, name: name ?? email ?? "" };
}

/**
 * Sign-in with accounts that people already have: the client of OpenID providers and of GitHub.
 *
 * `authorizationUrl` (authorization-url.ts) begins a sign-in, `identify` (identify.ts) verifies its
 * callback and returns who signed in. The caller draws state, nonce and code verifier, and binds
 * them to the browser. Nothing here stores anything, decides who gets a session, or returns a token
 * of the provider.
 */
import type { JWK } from "jose";

/** One entry of the setting `IDENTITY_PROVIDERS`. */
export interface IdentityProvider {
  /** `[a-z0-9-]{1,32}`, in paths and the API. */
  id: string;
  /** The name on buttons. */
  name: string;
  kind: ProviderKind;
  /** Where discovery looks. The issuer of an identity is `UpstreamIdentity.issuer`. */
  issuer: string;
  clientId: string;
  /** A secret, or Apple's key, which signs short-lived secrets. */
  credential: { clientSecret: string } | AppleKey;
  scopes: string[];
  /** Apple answers with `response_mode=form_post`. */
  callbackMethod: "GET" | "POST";
}

export const PROVIDER_KINDS = ["google", "github", "microsoft", "apple", "oidc"] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** The key of a team at Apple, which signs client secrets. */
export interface AppleKey {
  teamId: string;
  keyId: string;
  /** A private key on P-256. */
  privateKey: JWK;
}

/** A user at a provider. Issuer and subject together are the key of an identity. */
export interface UpstreamIdentity {
  issuer: string;
  subject: string;
  /** In the form that is stored. Null if there is none, or it is no email address. */
  email: string | null;
  /** False unless the provider says that the user owns the address. */
  emailVerified: boolean;
  firstName: string | null;
  lastName: string | null;
  /** A canonical language tag. */
  locale: string | null;
  /** When the user last signed in there, in Unix milliseconds, if the provider says so. */
  authenticatedAt?: number | undefined;
}

export interface AuthorizationRequest {
  redirectUri: string;
  state: string;
  nonce: string;
  /** PKCE (RFC 7636), 43 to 128 characters. */
  codeVerifier: string;
  loginHint?: string;
  /** The age of a sign-in there that still proves the user again, for a step-up. */
  maxAgeSeconds?: number | undefined;
}

/**
 * Tests whether a provider can be told to ask a user again whom it knows. GitHub, Google and Apple
 * document neither `prompt=login` nor `max_age`, and Google refuses prompts that it does not know.
 */
export const asksAgain = ({ kind }: IdentityProvider): boolean => kind === "oidc" || kind === "microsoft";

/** What the acts of this folder need of `Deps`. */
export interface ProviderDeps {
  /** Unix time in milliseconds. */
  now(): number;
  /** Ends every request of a callback. */
  signal?: AbortSignal | undefined;
}

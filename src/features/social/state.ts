/**
 * What a sign-in at an identity provider keeps between its start and its callback, sealed in texts
 * that the browser carries. Each opens only for the provider that it was sealed for, and a state
 * only in the browser that started.
 */
import { seal, unseal } from "../../crypto/sealing.ts";
import type { Deps } from "../../deps.ts";
import type { IdentityProvider } from "../../identity-providers/provider.ts";

export const STATE_TTL_SECONDS = 600;

/** How long a posted callback waits for the redirect that brings the cookies. */
const POSTED_TTL_SECONDS = 60;

/** The user of a session who has proven all factors to link an identity. */
export interface LinkOwner {
  userId: string;
  sessionId: string;
  /** A change of credentials voids the proof. */
  credentialVersion: number;
}

/** A request of a signed-in user to link an identity. */
export interface LinkRequest {
  owner: LinkOwner;
  returnTo: string | undefined;
  /** Unix time in milliseconds. */
  expiresAt: number;
}

export interface SocialState {
  /** Random. The provider repeats it in an id token, and it names the state when it is spent. */
  nonce: string;
  /** PKCE (RFC 7636). */
  codeVerifier: string;
  returnTo?: string | undefined;
  /** Undefined for a sign-in. */
  owner?: LinkOwner | undefined;
  /** Of a step-up: see `AuthorizationRequest`. */
  maxAgeSeconds?: number | undefined;
  /** Unix time in milliseconds. */
  expiresAt: number;
}

type Kind = "state" | "link" | "callback";

/** Seals a value of a kind. */
const sealValue = ({ config }: Deps, kind: Kind, subject: string, value: { expiresAt: number }) =>
  seal(config.PEPPER, `identity-${kind} ${subject}`, JSON.stringify(value));

const inSeconds = ({ now }: Deps, seconds: number) => now() + seconds * 1000;

/** Opens such a value. Returns undefined if it is another one or has expired. */
async function openValue<T>({ config, now }: Deps, kind: Kind, subject: string, sealed: string) {
  const text = await unseal(config.PEPPER, `identity-${kind} ${subject}`, sealed);
  const value: (T & { expiresAt: number }) | undefined = text && JSON.parse(text);
  return value && value.expiresAt > now() ? value : undefined;
}

/** Seals a state for a provider and the browser with this cookie. */
export const sealState = (deps: Deps, { id }: IdentityProvider, browser: string, state: SocialState) =>
  sealValue(deps, "state", `${id} ${browser}`, state);

export const openState = (deps: Deps, { id }: IdentityProvider, browser: string, sealed: string) =>
  openValue<SocialState>(deps, "state", `${id} ${browser}`, sealed);

export const sealLink = (deps: Deps, { id }: IdentityProvider, request: Omit<LinkRequest, "expiresAt">) =>
  sealValue(deps, "link", id, { ...request, expiresAt: inSeconds(deps, STATE_TTL_SECONDS) });

export const openLink = (deps: Deps, { id }: IdentityProvider, sealed: string) =>
  openValue<LinkRequest>(deps, "link", id, sealed);

/** Seals the parameters of a posted callback: logs and the history of a browser keep URLs. */
export const sealCallback = (deps: Deps, { id }: IdentityProvider, params: Record<string, string>) =>
  sealValue(deps, "callback", id, { params, expiresAt: inSeconds(deps, POSTED_TTL_SECONDS) } as { expiresAt: number });

export const openCallback = async (deps: Deps, { id }: IdentityProvider, sealed: string) =>
  (await openValue<{ params: Record<string, string> }>(deps, "callback", id, sealed))?.params;

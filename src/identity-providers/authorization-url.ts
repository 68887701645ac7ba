import { ok, type Result } from "../result.ts";
import { loadMetadata } from "./metadata.ts";
import { type AuthorizationRequest, asksAgain, type IdentityProvider, type ProviderDeps } from "./provider.ts";

/**
 * Builds the URL of the provider's authorization endpoint, where the browser goes next.
 *
 * With `maxAgeSeconds`, the provider is told to ask the user again. `max_age` also makes it say
 * when the user signed in (OpenID Connect Core 1.0 §3.1.2.1), without which a browser could drop
 * both parameters unnoticed. It is the age that `identify` accepts, not 0: some providers find even
 * the new sign-in too old for 0, and ask forever.
 *
 * Errors: `provider_unavailable`.
 */
export async function authorizationUrl(
  deps: ProviderDeps,
  provider: IdentityProvider,
  { redirectUri, state, nonce, codeVerifier, loginHint, maxAgeSeconds }: AuthorizationRequest,
): Promise<Result<URL>> {
  const metadata = await loadMetadata(deps, provider);
  if (!metadata.ok) return metadata;

  const challenge = await crypto.subtle.digest("SHA-256", Buffer.from(codeVerifier));
  const url = new URL(metadata.value.authorization_endpoint);
  const parameters = {
    response_type: "code",
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    scope: provider.scopes.join(" "),
    state,
    nonce,
    code_challenge: Buffer.from(challenge).toString("base64url"),
    code_challenge_method: "S256",
    ...(loginHint && { login_hint: loginHint }),
    ...(provider.callbackMethod === "POST" && { response_mode: "form_post" }),
    ...(maxAgeSeconds !== undefined && asksAgain(provider) && { prompt: "login", max_age: `${maxAgeSeconds}` }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return ok(url);
}

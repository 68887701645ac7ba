import { importJWK, SignJWT } from "jose";
import * as z from "zod/mini";
import { ok, type Result } from "../result.ts";
import type { Metadata } from "./metadata.ts";
import { ask, refused, unavailable } from "./outbound.ts";
import type { AppleKey, AuthorizationRequest, IdentityProvider, ProviderDeps } from "./provider.ts";

/** An answer of the token endpoint (RFC 6749 §5.1, §5.2). GitHub sends errors with a 200. */
const TokenAnswer = z.object({
  error: z.optional(z.string()),
  access_token: z._default(z.string(), ""),
  id_token: z._default(z.string(), ""),
});

const APPLE_SECRET_SECONDS = 300;

/**
 * Redeems an authorization code with its code verifier, and authenticates as the client.
 *
 * Errors: `provider_unavailable`, and `provider_refused` if code or client are not accepted.
 */
export async function redeemCode(
  deps: ProviderDeps,
  provider: IdentityProvider,
  metadata: Metadata,
  code: string,
  { redirectUri, codeVerifier }: Pick<AuthorizationRequest, "redirectUri" | "codeVerifier">,
): Promise<Result<{ accessToken: string; idToken: string }>> {
  const client = await authenticate(deps, provider, metadata);
  if (!client) return unavailable(provider, "token", "auth_method");
  const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: codeVerifier };
  const answer = await ask(provider, "token", TokenAnswer, metadata.token_endpoint, {
    method: "POST",
    headers: client.headers,
    signal: deps.signal,
    body: new URLSearchParams({ ...form, ...client.fields }),
  });
  if (!answer.ok) return answer;

  const { error, access_token: accessToken, id_token: idToken } = answer.value;
  // The code of the error tells an operator about a wrong secret or callback URL.
  if (error !== undefined) return refused(provider, "token", /^[a-z_]{1,60}$/.test(error) ? error : "failed");
  // GitHub has no id_token, and only its access token is of use.
  const isComplete = (provider.kind === "github" ? accessToken : idToken) !== "";
  return isComplete ? ok({ accessToken, idToken }) : unavailable(provider, "token", "malformed");
}

interface ClientAuthentication {
  headers: Record<string, string>;
  fields: Record<string, string>;
}

/**
 * Authenticates this client by secret (RFC 6749 §2.3.1). The presets take it in the form; any other
 * provider in a header if it can. Undefined if it takes no secret.
 */
async function authenticate(
  deps: ProviderDeps,
  { kind, issuer, clientId, credential }: IdentityProvider,
  { token_endpoint_auth_methods_supported: methods }: Metadata,
): Promise<ClientAuthentication | undefined> {
  const secret =
    "clientSecret" in credential ? credential.clientSecret : await signAppleSecret(deps, issuer, clientId, credential);
  if (kind === "oidc" && methods.includes("client_secret_basic")) {
    const basic = btoa(`${formEncode(clientId)}:${formEncode(secret)}`);
    return { headers: { authorization: `Basic ${basic}` }, fields: {} };
  }
  if (kind === "oidc" && !methods.includes("client_secret_post")) return undefined;
  return { headers: {}, fields: { client_id: clientId, client_secret: secret } };
}

/** Encodes a value as a form does, which a colon in it requires. */
const formEncode = (value: string) => new URLSearchParams({ "": value }).toString().slice(1);

/** Signs a client secret, which Apple accepts for five minutes. */
async function signAppleSecret(
  { now }: ProviderDeps,
  issuer: string,
  clientId: string,
  { teamId, keyId, privateKey }: AppleKey,
): Promise<string> {
  const seconds = Math.floor(now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "ES256", kid: keyId })
    .setIssuer(teamId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + APPLE_SECRET_SECONDS)
    .sign(await importJWK(privateKey, "ES256"));
}

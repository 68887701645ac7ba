import * as z from "zod/mini";
import { type Err, err, ok, type Result } from "../result.ts";
import { aboutUser, namesFromApple } from "./claims.ts";
import { identifyAtGithub } from "./github.ts";
import { verifyIdToken } from "./id-token.ts";
import { isIssParameter, loadMetadata, type Metadata } from "./metadata.ts";
import { ask, CALLBACK_TIMEOUT_MILLISECONDS, refused, unavailable } from "./outbound.ts";
import {
  type AuthorizationRequest,
  asksAgain,
  type IdentityProvider,
  type ProviderDeps,
  type UpstreamIdentity,
} from "./provider.ts";
import { redeemCode } from "./redeem-code.ts";

/**
 * Verifies the callback of a provider and returns who signed in. The caller has checked `state`.
 *
 * `params` are those of the callback: its query, or the form that Apple posts. Errors:
 * `provider_denied` if the user canceled, `provider_refused` if a check fails,
 * `provider_not_asked` if the user signed in there longer ago than `maxAgeSeconds`,
 * `provider_unavailable` if the provider is down, slow, or answers with something unusable.
 */
export async function identify(
  { now }: ProviderDeps,
  provider: IdentityProvider,
  params: URLSearchParams,
  request: Pick<AuthorizationRequest, "redirectUri" | "nonce" | "codeVerifier" | "maxAgeSeconds">,
): Promise<Result<UpstreamIdentity>> {
  const deps = { now, signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MILLISECONDS) };
  const metadata = await loadMetadata(deps, provider);
  if (!metadata.ok) return metadata;
  const failure = failureOf(provider, metadata.value, params);
  if (failure) return failure;

  const code = params.get("code") ?? "";
  const tokens = await redeemCode(deps, provider, metadata.value, code, request);
  if (!tokens.ok) return tokens;
  const { accessToken } = tokens.value;
  if (provider.kind === "github") return identifyAtGithub(deps, provider, accessToken);

  const verified = await verifyIdToken(deps, provider, metadata.value, { ...tokens.value, nonce: request.nonce });
  if (!verified.ok) return verified;
  const { iss: issuer, sub: subject, auth_time: seconds } = verified.value;
  const at = now();
  // Clocks may differ: nobody has signed in later than now.
  const authenticatedAt = seconds === undefined ? undefined : Math.min(at, seconds * 1000);
  const age = at - (authenticatedAt ?? (owesTime(provider, metadata.value) ? 0 : at));
  // OpenID Connect Core 1.0 §3.1.3.7, 13.
  if (age > (request.maxAgeSeconds ?? Infinity) * 1000) return err("provider_not_asked");

  const claims = await completeClaims(deps, provider, metadata.value, { ...tokens.value, claims: verified.value });
  if (!claims.ok) return claims;
  const names = provider.kind === "apple" ? namesFromApple(params.get("user")) : undefined;
  return ok({ issuer, subject, authenticatedAt, ...aboutUser(provider.kind, claims.value), ...names });
}

/**
 * Tests whether a provider that was asked by `max_age` has to say when the user signed in (OpenID
 * Connect Core 1.0 §2), and says that it can. Without it, the browser may have dropped `max_age`.
 */
const owesTime = (provider: IdentityProvider, { claims_supported: claims }: Metadata) =>
  asksAgain(provider) && claims.includes("auth_time");

/** The errors of RFC 6749 §4.1.2.1 and Apple that say that the user canceled. */
const DENIED = ["access_denied", "user_cancelled_authorize"];
/** Those that stand for a 503 and a 500. */
const DOWN = ["temporarily_unavailable", "server_error"];

/** Returns why a callback has no usable code, if so. `iss` comes first: an error has it too. */
function failureOf(provider: IdentityProvider, metadata: Metadata, params: URLSearchParams): Err | undefined {
  // RFC 6749 §3.1: no parameter comes twice.
  const names = [...params.keys()];
  if (new Set(names).size < names.length) return refused(provider, "callback", "repeated");

  const iss = params.get("iss");
  const isRequired = metadata.authorization_response_iss_parameter_supported;
  if (iss === null ? isRequired : !isIssParameter(metadata, iss)) return refused(provider, "callback", "iss");

  const error = params.get("error");
  // OpenID Connect Core 1.0 §3.1.2.1: the provider cannot ask again.
  if (error === "login_required") return err("provider_not_asked");
  if (error !== null && DENIED.includes(error)) return err("provider_denied");
  if (error !== null && DOWN.includes(error)) return unavailable(provider, "callback", error);
  if (error !== null) return refused(provider, "callback", "error");
  return params.get("code") ? undefined : refused(provider, "callback", "code");
}

const UserInfo = z.looseObject({ sub: z.string() });

/**
 * Returns the claims about the user. Some OpenID providers have them only at the userinfo endpoint
 * (OpenID Connect Core 1.0 §5.3). The presets send all of theirs in the id_token.
 */
async function completeClaims(
  { signal }: ProviderDeps,
  provider: IdentityProvider,
  { userinfo_endpoint: endpoint }: Metadata,
  { claims, accessToken }: { claims: Record<string, unknown> & { sub: string }; accessToken: string },
): Promise<Result<Record<string, unknown>>> {
  if (provider.kind !== "oidc" || claims["email"] !== undefined || !endpoint || !accessToken) return ok(claims);

  const headers = { authorization: `Bearer ${accessToken}` };
  const answer = await ask(provider, "profile", UserInfo, endpoint, { headers, signal });
  return !answer.ok || answer.value.sub === claims.sub ? answer : refused(provider, "profile", "sub");
}

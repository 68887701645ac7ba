/**
 * The grants of the token endpoint that a user is behind (RFC 6749 §3.2): each proves something and
 * ends in the same tokens.
 *
 * The access token of a client is for the resource that the user authorized, or else for the
 * userinfo endpoint alone. Only the operator's own clients get tokens for the service and its APIs.
 */
import { afterCommit } from "../../auth/after-commit.ts";
import { lifetimesOf, renewSession } from "../../auth/renew-session.ts";
import { digestOfSecret } from "../../crypto/one-time.ts";
import { issueIdToken, issueTokens, type TokenSession, type TokenUser } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { keepScopes, type PresentedClient } from "../../storage/oauth-clients.ts";
import { redeemCode } from "../../storage/oauth-codes.ts";
import { findResource } from "./authorization-request.ts";
import { claimsOf } from "./claims.ts";
import { ownScopes } from "./scopes.ts";

/** The parameters of a request, each once. */
export type Parameters = Record<string, string>;

/** A successful response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface ClientTokens {
  access_token: string;
  token_type: "Bearer";
  /** In seconds. */
  expires_in: number;
  refresh_token?: string;
  scope: string;
  id_token?: string;
}

export type Grant = (deps: Deps, client: PresentedClient, params: Parameters) => Promise<Result<ClientTokens>>;

/** RFC 7636 §4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/;

/**
 * Exchanges an authorization code for tokens.
 *
 * Errors: `invalid_client`; `unauthorized_client`; `invalid_grant` if the code is wrong, expired or
 * used, or belongs to another client, redirect URI or verifier; `invalid_target`.
 */
export async function exchangeCode(
  deps: Deps,
  client: PresentedClient,
  params: Parameters,
): Promise<Result<ClientTokens>> {
  const { code = "", code_verifier = "", redirect_uri } = params;
  const resource = resourceIn(deps, params);
  const redeemed = await redeemCode(
    deps.db,
    {
      client,
      digest: digestOfSecret(code),
      redirectUri: redirect_uri,
      // No code has the challenge of another text. That of a device has an empty one.
      codeChallenge: VERIFIER.test(code_verifier) ? digestOfSecret(code_verifier) : "none",
      resource,
      grantType: "authorization_code",
    },
    { mustBeVerified: deps.config.REQUIRE_VERIFICATION, lifetimes: lifetimesOf(deps) },
    deps.audit(),
  );
  if (!redeemed.client) return err("invalid_client");
  if (!redeemed.client.grantTypes.includes("authorization_code")) return err("unauthorized_client");
  if (!code || !code_verifier) return { ...err("invalid_request"), detail: "`code` and `code_verifier` are required." };
  const isOther = resource !== undefined && redeemed.resource !== undefined && redeemed.resource !== resource;
  if (!redeemed.opened && isOther) return err("invalid_target");
  return issueRedeemed(deps, redeemed);
}

/** Issues the tokens of a code that was redeemed. Errors: `invalid_grant` if it was not. */
export async function issueRedeemed(
  deps: Deps,
  { client, opened, evicted, reused, userId }: Awaited<ReturnType<typeof redeemCode>>,
): Promise<Result<ClientTokens>> {
  if (userId && reused.length > 0) afterCommit(deps, { event: "authorization_code_reused", userId, ended: reused });
  if (!client || !opened) return err("invalid_grant");

  const { user, nonce } = opened;
  afterCommit(deps, { event: "client_signed_in", userId: user.id, ended: evicted });
  const session = { ...opened.session, scope: keepScopes(opened.session.scope ?? "", client.scopes) };
  const issued = await issueClientTokens(deps, { user, session, ...client });
  if (!issued.ok) return issued;
  const tokens = issued.value;
  const scopes = tokens.scope.split(" ");
  if (!scopes.includes("openid")) return ok(tokens);
  const content = { clientId: client.id, nonce, accessToken: tokens.access_token, claims: claimsOf(user, scopes) };
  return ok({ ...tokens, id_token: await issueIdToken(deps.tokens, session, content, deps.now()) });
}

/**
 * Exchanges a refresh token for new tokens. The access token has the scopes that the client names,
 * or all of the session (RFC 6749 §6). Errors: those of `renewSession`.
 */
export async function exchangeRefreshToken(deps: Deps, client: PresentedClient, params: Parameters) {
  const resource = resourceIn(deps, params);
  const scopes = params["scope"]?.match(/\S+/g) ?? undefined;
  const renewed = await renewSession(deps, params["refresh_token"], { client, resource, scopes });
  if (!renewed.ok) return renewed;
  const { user, isFirstParty } = renewed.value;
  const session = { ...renewed.value.session, ...(scopes && { scope: scopes.join(" ") }) };
  return issueClientTokens(deps, { user, session, firstParty: isFirstParty, grantTypes: ["refresh_token"] });
}

/** The resource in a request, as the settings spell it. An unknown one fits no session. */
export const resourceIn = ({ config }: Deps, { resource }: Parameters): string | undefined =>
  resource && (findResource(config, resource) ?? resource);

interface ClientSession {
  user: TokenUser;
  session: TokenSession & { resource: string | null };
  firstParty: boolean;
  grantTypes: string[];
}

/** Where an access token is accepted that is for no resource: it says who the user is. */
export const userinfoUrl = ({ config }: Deps): string => `${config.ISSUER}/oauth/userinfo`;

/**
 * Issues the tokens of a session, within the scopes that still exist. A token of a client that is
 * not the operator's has no roles: they are those of the user. Errors: `invalid_target` if the
 * resource was removed from the settings.
 */
async function issueClientTokens(
  deps: Deps,
  { user: { roles, ...user }, session, firstParty, grantTypes }: ClientSession,
): Promise<Result<ClientTokens>> {
  const scope = keepScopes(session.scope ?? "", ownScopes(deps.config));
  const audience = session.resource ?? (firstParty ? deps.tokens.audience : userinfoUrl(deps));
  if (session.resource !== null && !deps.config.OAUTH_RESOURCES.includes(session.resource))
    return err("invalid_target");
  const { access_token, expires_in, refresh_token } = await issueTokens(
    deps.tokens,
    { ...user, roles: firstParty ? roles : [] },
    { ...session, scope },
    deps.now(),
    audience,
  );
  return ok({
    access_token,
    token_type: "Bearer",
    expires_in,
    ...(grantTypes.includes("refresh_token") && { refresh_token }),
    scope,
  });
}

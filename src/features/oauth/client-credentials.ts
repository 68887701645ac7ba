/**
 * The grant `client_credentials` (RFC 6749 §4.4): an access token for a client itself, without a
 * user and without a refresh token. Deleting the client denies its tokens.
 */
import { issueClientToken } from "../../crypto/unattended-token.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { type PresentedClient, proveClient } from "../../storage/oauth-clients.ts";
import { findResource } from "./authorization-request.ts";
import type { ClientTokens, Parameters } from "./token.ts";

/**
 * Issues a token for a resource. A client of the operator gets one for the service if it names
 * none. A public client could be anybody, so it gets none (§4.4).
 *
 * Errors: `invalid_client`; `unauthorized_client`; `invalid_target`; `invalid_scope` if the client
 * may not have a scope, or a scope is about a user.
 */
export async function grantToClient(
  deps: Deps,
  presented: PresentedClient,
  { resource, scope = "" }: Parameters,
): Promise<Result<ClientTokens>> {
  const { config, db, now, tokens } = deps;
  const client = await proveClient(db, presented, now());
  if (!client) return err("invalid_client");
  if (client.authMethod === "none" || client.kind !== "registered" || !client.grantTypes.includes("client_credentials"))
    return err("unauthorized_client");
  const own = client.firstParty ? tokens.audience : undefined;
  const audience = resource === undefined ? own : findResource(config, resource);
  if (!audience) return err("invalid_target");
  const asked = [...new Set(scope.split(" ").filter(Boolean))];
  const isAllowed = (name: string) =>
    config.OAUTH_SCOPES.some((known) => known.name === name) && (client.scopes?.includes(name) ?? true);
  if (!asked.every(isAllowed)) return err("invalid_scope");

  const granted = { clientId: client.id, scope: asked.join(" "), audience };
  const { access_token, expires_in } = await issueClientToken(tokens, granted, now());
  return ok({ access_token, token_type: "Bearer", expires_in, scope: granted.scope });
}

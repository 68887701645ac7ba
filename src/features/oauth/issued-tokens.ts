/** Revocation (RFC 7009) and introspection (RFC 7662) of the tokens that clients have. */
import { decodeJwt } from "jose";
import { afterCommit } from "../../auth/after-commit.ts";
import { claimsOfApiKey, presentedApiKey, recordUse } from "../../auth/api-keys.ts";
import type { AccessClaims } from "../../contract/claims.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { idInSid, isOfApiKey, isOfClient, verifyAccessToken } from "../../crypto/access-token.ts";
import { type RefreshToken, verifyRefreshToken } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import {
  type ApiKeyCondition,
  hasApiKeyId,
  inspectApiKey,
  isApiKey,
  type PresentedApiKey,
} from "../../storage/api-keys.ts";
import { endClientSession, inspectSession } from "../../storage/client-tokens.ts";
import { keepScopes, type PresentedClient } from "../../storage/oauth-clients.ts";

/** A token of either kind that this service issued and that has not expired. */
type Issued = SessionRef & ({ access: AccessClaims } | { refresh: RefreshToken });

async function readToken(deps: Deps, token: string): Promise<Issued | undefined> {
  const refresh = verifyRefreshToken(deps.tokens.refreshKeys, token, deps.now());
  if (refresh) return { userId: refresh.userId, sessionId: refresh.sessionId, refresh };
  const access = await verifyForAnyAudience(deps, token);
  return access && { userId: access.sub, sessionId: access.sid, access };
}

/** Verifies an access token of this service, whatever its audience, and returns its claims. */
export const verifyForAnyAudience = ({ tokens, now }: Deps, token: string): Promise<AccessClaims | undefined> =>
  verifyAccessToken({ ...tokens, audience: audienceIn(token) }, token, now());

function audienceIn(token: string): string {
  try {
    const { aud } = decodeJwt(token);
    return typeof aud === "string" ? aud : "";
  } catch {
    return "";
  }
}

/**
 * Ends the session of a token. A token of another client, or one that is not valid, has no effect
 * (RFC 7009 §2.2). Errors: `invalid_client`.
 */
export async function revokeToken(deps: Deps, client: PresentedClient, token: string): Promise<Result> {
  const issued = await readToken(deps, token);
  const done = await endClientSession(deps.db, client, issued, deps.audit());
  if (!done.client) return err("invalid_client");
  if (issued && done.revoked.length > 0)
    afterCommit(deps, { event: "logged_out", userId: issued.userId, ended: done.revoked });
  return ok();
}

/**
 * Tells a client whether a token is active: one of the operator about all tokens, any other about
 * its own. Errors: `invalid_client`, also for a public client.
 */
export async function introspect(deps: Deps, client: PresentedClient, token: string): Promise<Result<object>> {
  if (!client.secretDigests && !client.assertion) return err("invalid_client");
  const apiKey = presentedApiKey(deps, token);
  if (apiKey) return introspectApiKey(deps, client, apiKey);
  const issued = await readToken(deps, token);
  if (issued && "access" in issued && isOfApiKey(issued.access))
    return introspectTokenOfKey(deps, client, issued.access);
  const { client: known, session, subject } = await inspectSession(deps.db, client, issued, deps.now());
  if (!known) return err("invalid_client");
  if (issued && "access" in issued && isOfClient(issued.access)) {
    const isActive = subject && (known.firstParty || subject.id === known.id);
    return ok(isActive ? { active: true, token_type: "Bearer", ...issued.access } : { active: false });
  }
  if (!issued || !session) return ok({ active: false });
  // A client of somebody else learns nothing about the tokens of others.
  if (!known.firstParty && session.clientId !== client.id) return ok({ active: false });
  if ("access" in issued) return ok({ active: true, token_type: "Bearer", ...issued.access });
  // A refresh token is of interest to its client alone.
  if (session.clientId !== client.id || issued.refresh.generation < session.generation) return ok({ active: false });
  return ok({
    active: true,
    client_id: session.clientId,
    sub: session.userId,
    sid: session.id,
    scope: keepScopes(session.scope ?? "", known.scopes),
    iss: deps.config.ISSUER,
    exp: Math.floor(session.expiresAt / 1000),
  });
}

/** Tells a client of the operator about an API key. It has no audience before it is exchanged. */
async function introspectApiKey(
  deps: Deps,
  presented: PresentedClient,
  presentedKey: PresentedApiKey,
): Promise<Result<object>> {
  const { client, apiKey } = await inspect(deps, presented, isApiKey(presentedKey));
  if (!client) return err("invalid_client");
  if (!client.firstParty || !apiKey) return ok({ active: false });
  recordUse(deps, apiKey, presentedKey);
  const { iss, sub, sid, client_id, scope } = claimsOfApiKey(deps, apiKey, "");
  const { expiresAt } = apiKey;
  return ok({
    active: true,
    iss,
    sub,
    sid,
    client_id,
    scope,
    ...(expiresAt !== null && { exp: Math.floor(expiresAt / 1000) }),
  });
}

/** Tells a client about the token of an API key: one of the operator, or that of the key. */
async function introspectTokenOfKey(
  deps: Deps,
  presented: PresentedClient,
  claims: AccessClaims,
): Promise<Result<object>> {
  const { client, apiKey } = await inspect(deps, presented, hasApiKeyId(idInSid(claims)));
  if (!client) return err("invalid_client");
  const isActive = apiKey && (client.firstParty || apiKey.clientId === client.id);
  return ok(isActive ? { active: true, token_type: "Bearer", ...claims } : { active: false });
}

const inspect = ({ db, config, now }: Deps, client: PresentedClient, key: ApiKeyCondition) =>
  inspectApiKey(db, client, key, { mustBeVerified: config.REQUIRE_VERIFICATION }, now());

/**
 * API keys of users and of clients: create, list, revoke, and exchange for an access token. A key
 * is shown once, when it is made. `auth/api-keys.ts` verifies keys.
 */
import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { refuseApiKeys, verifyApiKey } from "../../auth/api-keys.ts";
import { reauthenticateWithAllFactors, staleProof } from "../../auth/reauthenticate.ts";
import type * as contract from "../../contract/api-keys.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { createApiKey } from "../../crypto/api-key.ts";
import { issueUnattended } from "../../crypto/unattended-token.ts";
import type { Deps } from "../../deps.ts";
import { type Err, err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { line } from "../../schemas/text.ts";
import { TokenText } from "../../schemas/tokens.ts";
import { UserId } from "../../schemas/user.ts";
import {
  type ApiKeyRow,
  addClientApiKey,
  addOwnApiKey,
  listApiKeys,
  listOwnApiKeys,
  MAX_API_KEYS,
  revokeApiKey,
  revokeOwnApiKey,
} from "../../storage/api-keys.ts";
import { denySessions } from "../../storage/denylist.ts";

/** Ten years. */
const MAX_SECONDS = 315_360_000;

const fields = {
  name: line({ max: 60 }),
  scopes: z.array(z.string()).check(z.minLength(1), z.maxLength(100)),
  expires_in: optional(z.int().check(z.minimum(60), z.maximum(MAX_SECONDS))),
} satisfies RequestFields<contract.NewApiKey>;

export const NewOwnApiKey = z.strictObject({
  ...fields,
  password: OptionalPassword,
} satisfies RequestFields<contract.NewOwnApiKey>);

export const NewClientApiKey = z.strictObject({ ...fields, client_id: z.string() });

export const OneApiKey = z.strictObject({ id: z.string() });

export const OneOwner = z
  .strictObject({
    user_id: optional(UserId),
    client_id: optional(z.string()),
  } satisfies RequestFields<contract.ApiKeyOwner>)
  .check(
    z.refine(({ user_id, client_id }) => (user_id === undefined) !== (client_id === undefined), "Name one owner."),
  );

export const ExchangeApiKey = z.strictObject({
  api_key: TokenText,
  resource: z.string(),
} satisfies RequestFields<contract.ApiKeyExchange>);

/**
 * Lists the keys of the user, oldest first. Errors: those of `refuseApiKeys`; `unauthenticated`.
 */
export async function ownApiKeys(deps: Deps, session: SessionRef): Promise<Result<contract.ApiKeyList>> {
  const off = refuseApiKeys(deps);
  if (off) return off;
  const list = await listOwnApiKeys(deps.db, session, deps.now());
  return list ? ok({ api_keys: list.map(toApiKey) }) : err("unauthenticated");
}

/** Lists the keys of a user or of a client. Errors: those of `refuseApiKeys`. */
export async function allApiKeys(
  deps: Deps,
  { user_id, client_id = "" }: z.output<typeof OneOwner>,
): Promise<Result<contract.ApiKeyList>> {
  const off = refuseApiKeys(deps);
  if (off) return off;
  const list = await listApiKeys(deps.db, user_id === undefined ? { clientId: client_id } : { userId: user_id });
  return ok({ api_keys: list.map(toApiKey) });
}

/**
 * Creates a key of the user, and tells them.
 *
 * Errors: those of `refuseApiKeys` and `reauthenticateWithAllFactors`; `invalid_request` for an
 * unknown scope; `too_many_api_keys`.
 */
export async function createOwnApiKey(
  deps: Deps,
  session: SessionRef,
  { password, ...input }: z.output<typeof NewOwnApiKey>,
): Promise<Result<contract.ApiKeyWithSecret>> {
  const { userId } = session;
  const refused = refuseApiKeys(deps) ?? unknownScope(deps, input.scopes);
  if (refused) return refused;
  const actor = await reauthenticateWithAllFactors(deps, session, { password });
  if (!actor.ok) return actor;
  const { owner } = actor.value;
  const audit = deps.audit();
  const { key, row } = newApiKey(deps, input);
  const notice = newNotice(deps, "api-key-created", userId);
  const { lockout, isAdded } = await addOwnApiKey(deps.db, owner, { key: { ...row, userId }, notice }, audit);
  if (!isAdded) {
    const hasTooMany = (await listApiKeys(deps.db, { userId })).length >= MAX_API_KEYS;
    return hasTooMany ? err("too_many_api_keys") : staleProof(deps, owner, lockout, audit.at);
  }
  afterCommit(deps, { event: "api_key_created", userId, notice });
  return ok({ ...toApiKey(row), key });
}

/**
 * Creates a key of a client that has the grant `client_credentials`.
 *
 * Errors: those of `refuseApiKeys`; `invalid_request` for an unknown scope; `not_found` if there is
 * no such client; `too_many_api_keys`.
 */
export async function createClientApiKey(
  deps: Deps,
  { client_id: clientId, ...input }: z.output<typeof NewClientApiKey>,
): Promise<Result<contract.ApiKeyWithSecret>> {
  const refused = refuseApiKeys(deps) ?? unknownScope(deps, input.scopes);
  if (refused) return refused;
  const { key, row } = newApiKey(deps, input);
  if (await addClientApiKey(deps.db, { ...row, clientId })) return ok({ ...toApiKey(row), key });
  return err((await listApiKeys(deps.db, { clientId })).length >= MAX_API_KEYS ? "too_many_api_keys" : "not_found");
}

/** Revokes a key of the user. Errors: `not_found`, also if the session has ended. */
export const removeOwnApiKey = async (deps: Deps, session: SessionRef, id: string): Promise<Result> =>
  finish(deps, await revokeOwnApiKey(deps.db, session, id, deps.audit()));

/** Revokes a key of anybody. Its user gets a notice. Errors: `not_found`. */
export async function removeApiKey(deps: Deps, { id }: z.output<typeof OneApiKey>): Promise<Result> {
  const notice = { id: crypto.randomUUID() };
  return finish(deps, await revokeApiKey(deps.db, id, notice.id, deps.audit()), notice);
}

function finish(deps: Deps, revoked: Awaited<ReturnType<typeof revokeApiKey>>, notice?: { id: string }): Result {
  if (!revoked) return err("not_found");
  const { userId, ended } = revoked;
  if (userId !== null) afterCommit(deps, { event: "api_key_revoked", userId, ended, ...(notice && { notice }) });
  else deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  return ok();
}

/**
 * Exchanges a key for an access token, which an API verifies without a call. It is for one API, not
 * for the service: services that accept tokens of users do not all look at the scope.
 *
 * Errors: those of `refuseApiKeys`; `invalid_api_key`; `invalid_target`.
 */
export async function exchangeApiKey(
  deps: Deps,
  { api_key, resource }: z.output<typeof ExchangeApiKey>,
): Promise<Result<contract.ApiKeyToken>> {
  const off = refuseApiKeys(deps);
  if (off) return off;
  const { config, tokens } = deps;
  if (!config.OAUTH_RESOURCES.includes(resource)) return err("invalid_target");
  const claims = await verifyApiKey(deps, api_key, resource);
  if (!claims) return err("invalid_api_key");
  const { access_token, expires_in } = await issueUnattended(tokens, claims, deps.now());
  return ok({ access_token, token_type: "bearer", expires_in, scope: claims.scope ?? "" });
}

function unknownScope({ config }: Deps, scopes: string[]): Err | undefined {
  const known = config.OAUTH_SCOPES.map(({ name }) => name);
  return scopes.every((scope) => known.includes(scope))
    ? undefined
    : err("invalid_request", [
        { path: "scopes", code: "invalid_value", message: `Must be scopes of this service: ${known.join(", ")}.` },
      ]);
}

function newApiKey(deps: Deps, { name, scopes, expires_in }: Omit<z.output<typeof NewClientApiKey>, "client_id">) {
  const now = deps.now();
  const { key, id, digest } = createApiKey(deps.config.PEPPER[0]);
  const row: ApiKeyRow = {
    id,
    digest,
    userId: null,
    clientId: null,
    name,
    scopes: [...new Set(scopes)],
    createdAt: now,
    expiresAt: expires_in === undefined ? null : now + expires_in * 1000,
    lastUsedAt: null,
  };
  return { key, row };
}

const toIso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

const toApiKey = ({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: ApiKeyRow): contract.ApiKey => ({
  id,
  name,
  scopes,
  created_at: new Date(createdAt).toISOString(),
  expires_at: toIso(expiresAt),
  last_used_at: toIso(lastUsedAt),
});

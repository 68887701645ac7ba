/** Administration of OAuth clients. A secret is shown once, when it is made. */
import * as z from "zod/mini";
import type * as contract from "../../contract/oauth-client.ts";
import { CLIENT_AUTH_METHODS, GRANT_TYPES } from "../../contract/oauth-client.ts";
import { sidOfClient } from "../../crypto/access-token.ts";
import { createClientSecret } from "../../crypto/client-secret.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { clearable, optional, optionalOr } from "../../schemas/optional.ts";
import { line } from "../../schemas/text.ts";
import { denySessions } from "../../storage/denylist.ts";
import {
  type ClientRow,
  deleteClient,
  findClient,
  insertClient,
  listClients,
  OLD_SECRET_MILLISECONDS,
  replaceSecret,
  updateClient,
} from "../../storage/oauth-clients.ts";
import { isRedirectUri, registeredForm } from "./redirect-uri.ts";

const RedirectUris = z
  .array(
    z.string().check(z.refine(isRedirectUri, "Must be an https URL, a loopback URL, or a URL of a private scheme.")),
  )
  .check(z.maxLength(20));
const Scopes = clearable(
  z.array(z.string().check(z.regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,60}$/, "Must be a scope."))).check(z.maxLength(100)),
);
const GrantTypes = z.array(z.enum(GRANT_TYPES)).check(z.minLength(1));

const text = z.optional(z.string().check(z.maxLength(1000)));
/** Strict, so that nobody registers a private key. */
const ClientJwk = z
  .strictObject({
    kty: z.enum(["EC", "OKP", "RSA"]),
    kid: text,
    alg: text,
    use: text,
    key_ops: z.optional(z.array(z.string()).check(z.maxLength(10))),
    ext: z.optional(z.boolean()),
    crv: text,
    x: text,
    y: text,
    n: text,
    e: text,
  } satisfies RequestFields<contract.ClientJwk>)
  .check(z.refine(isUsableKey, "Must be a public key: EC P-256, Ed25519, or RSA of at least 2048 bits."));

/** Base64url has four characters for three bytes. */
const MIN_MODULUS_LENGTH = Math.ceil((2048 / 8) * (4 / 3));

function isUsableKey({ kty, crv, x, y, n, e }: contract.ClientJwk): boolean {
  if (kty === "EC") return crv === "P-256" && Boolean(x && y);
  if (kty === "OKP") return crv === "Ed25519" && Boolean(x);
  return (n?.length ?? 0) >= MIN_MODULUS_LENGTH && Boolean(e);
}

const Jwks = clearable(z.strictObject({ keys: z.array(ClientJwk).check(z.minLength(1), z.maxLength(10)) }));

const fields = {
  client_name: line({ max: 60 }),
  redirect_uris: RedirectUris,
  post_logout_redirect_uris: RedirectUris,
  grant_types: GrantTypes,
  first_party: z.boolean(),
};

export const NewClient = z
  .strictObject({
    client_name: fields.client_name,
    redirect_uris: optionalOr(fields.redirect_uris, []),
    post_logout_redirect_uris: optionalOr(fields.post_logout_redirect_uris, []),
    grant_types: optionalOr(fields.grant_types, ["authorization_code", "refresh_token"]),
    scopes: Scopes,
    first_party: optionalOr(fields.first_party, false),
    jwks: Jwks,
    token_endpoint_auth_method: optionalOr(z.enum(CLIENT_AUTH_METHODS), "client_secret_basic"),
  } satisfies RequestFields<contract.NewClient>)
  .check(
    z.refine(
      (client) => client.token_endpoint_auth_method !== "none" || !client.grant_types.includes("client_credentials"),
      {
        path: ["grant_types"],
        error: "A client that has only itself as a user needs a secret or a key.",
      },
    ),
    z.refine(({ jwks, token_endpoint_auth_method }) => !jwks === (token_endpoint_auth_method !== "private_key_jwt"), {
      path: ["jwks"],
      error: "Set it for private_key_jwt, and for nothing else.",
    }),
  );

export const ClientChange = z.strictObject({
  client_id: z.string(),
  client_name: optional(fields.client_name),
  redirect_uris: optional(fields.redirect_uris),
  post_logout_redirect_uris: optional(fields.post_logout_redirect_uris),
  grant_types: optional(fields.grant_types),
  scopes: Scopes,
  first_party: optional(fields.first_party),
  jwks: Jwks,
} satisfies RequestFields<contract.ClientChange & { client_id: string }>);

export const OneClient = z.strictObject({ client_id: z.string() });

const toClient = (row: ClientRow): contract.OAuthClient => ({
  client_id: row.id,
  client_name: row.name,
  redirect_uris: row.redirectUris,
  post_logout_redirect_uris: row.postLogoutRedirectUris,
  grant_types: row.grantTypes,
  scopes: row.scopes,
  first_party: row.firstParty,
  jwks: row.jwks,
  token_endpoint_auth_method: row.authMethod,
  old_secret_expires_at: row.oldSecretExpiresAt === null ? null : new Date(row.oldSecretExpiresAt).toISOString(),
  created_at: new Date(row.createdAt).toISOString(),
});

const isSecret = (method: contract.ClientAuthMethod) => method.startsWith("client_secret_");

/** Creates a client. Errors: `too_many_clients`. */
export async function createClient(
  deps: Deps,
  input: z.output<typeof NewClient>,
): Promise<Result<contract.ClientWithSecret>> {
  const id = crypto.randomUUID();
  const authMethod = input.token_endpoint_auth_method;
  const created = isSecret(authMethod) ? createClientSecret(deps.config.PEPPER[0], id) : undefined;
  const client: ClientRow = {
    id,
    name: input.client_name,
    firstParty: input.first_party,
    authMethod,
    secretDigest: created?.digest ?? null,
    oldSecretDigest: null,
    oldSecretExpiresAt: null,
    jwks: input.jwks ?? null,
    redirectUris: input.redirect_uris.map(registeredForm),
    postLogoutRedirectUris: input.post_logout_redirect_uris.map(registeredForm),
    grantTypes: input.grant_types,
    scopes: input.scopes ?? null,
    createdAt: deps.now(),
    kind: "registered",
    freshUntil: null,
  };
  if (!(await insertClient(deps.db, client))) return err("too_many_clients");
  return ok({ ...toClient(client), ...(created && { client_secret: created.secret }) });
}

export async function allClients({ db }: Deps): Promise<Result<contract.ClientList>> {
  return ok({ clients: (await listClients(db)).map(toClient) });
}

/** Errors: `not_found`. */
export async function showClient(
  { db }: Deps,
  { client_id }: z.output<typeof OneClient>,
): Promise<Result<contract.OAuthClient>> {
  const client = await findClient(db, client_id);
  return client ? ok(toClient(client)) : err("not_found");
}

/**
 * Changes a client. What its users have allowed stays. Its sessions end if `first_party` changes.
 * Errors: `not_found`.
 */
export async function changeClient(
  deps: Deps,
  { client_id, ...change }: z.output<typeof ClientChange>,
): Promise<Result<contract.OAuthClient>> {
  const columns = {
    name: change.client_name,
    redirectUris: change.redirect_uris?.map(registeredForm),
    postLogoutRedirectUris: change.post_logout_redirect_uris?.map(registeredForm),
    grantTypes: change.grant_types,
    scopes: change.scopes,
    firstParty: change.first_party,
    jwks: change.jwks,
  };
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return showClient(deps, { client_id });
  const { client, ended } = await updateClient(deps.db, client_id, given, deps.audit());
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  return client ? ok(toClient(client)) : err("not_found");
}

/**
 * Gives a client a new secret. The one until now works for a day more. Errors: `not_found`, also
 * for a client without a secret.
 */
export async function rotateClientSecret(
  { db, config, now }: Deps,
  { client_id }: z.output<typeof OneClient>,
): Promise<Result<contract.ClientWithSecret>> {
  const { secret, digest } = createClientSecret(config.PEPPER[0], client_id);
  const client = await replaceSecret(db, client_id, { digest, oldExpiresAt: now() + OLD_SECRET_MILLISECONDS });
  return client ? ok({ ...toClient(client), client_secret: secret }) : err("not_found");
}

/**
 * Deletes a client, what its users have allowed, and its sessions. Its own tokens are denied too.
 * Errors: `not_found`.
 */
export async function removeClient(deps: Deps, { client_id }: z.output<typeof OneClient>): Promise<Result> {
  const expiresAt = deps.now() + deps.config.ACCESS_TOKEN_TTL_SECONDS * 1000;
  const ended = await deleteClient(deps.db, client_id, { id: sidOfClient(client_id), expiresAt }, deps.audit());
  if (!ended) return err("not_found");
  deps.waitUntil(denySessions(deps.denylist, ended, deps.now()));
  return ok();
}

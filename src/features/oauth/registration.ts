/** Dynamic client registration (RFC 7591), for MCP clients from before metadata documents. */
import * as z from "zod/mini";
import type { ClientAuthMethod, GrantType } from "../../contract/oauth-client.ts";
import { createClientSecret } from "../../crypto/client-secret.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { line } from "../../schemas/text.ts";
import { insertDynamicClient } from "../../storage/oauth-clients.ts";
import { isRedirectUri, registeredForm } from "./redirect-uri.ts";

/** The grants that begin with a page where the user sees who asks. */
const GRANTS = ["authorization_code", "refresh_token"] as const satisfies GrantType[];
const AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"] as const satisfies ClientAuthMethod[];

/** What it does not know is ignored (RFC 7591 §2). */
const Metadata = z.looseObject({
  redirect_uris: z.array(z.string()).check(z.minLength(1), z.maxLength(20)),
  client_name: z.optional(line({ max: 60 })),
  token_endpoint_auth_method: z._default(z.enum(AUTH_METHODS), "client_secret_basic"),
  grant_types: z._default(z.array(z.string()), ["authorization_code"]),
  response_types: z._default(z.array(z.string()), ["code"]),
});

/** The answer to a registration (RFC 7591 §3.2.1). */
export interface RegisteredClient {
  client_id: string;
  client_id_issued_at: number;
  client_secret?: string;
  /** 0: the secret does not expire. */
  client_secret_expires_at?: 0;
  client_name: string;
  redirect_uris: string[];
  grant_types: GrantType[];
  response_types: ["code"];
  token_endpoint_auth_method: string;
}

/**
 * Registers a client that somebody else runs. It is deleted after an hour if no user has it.
 *
 * Errors: `registration_disabled` unless `OAUTH_DCR` is on; `invalid_redirect_uri`;
 * `invalid_client_metadata`; `too_many_clients`.
 */
export async function registerClient(deps: Deps, input: unknown): Promise<Result<RegisteredClient>> {
  if (deps.config.OAUTH_DCR !== "on") return err("registration_disabled");
  const parsed = Metadata.safeParse(input);
  if (!parsed.success) return err("invalid_client_metadata");
  const { redirect_uris, client_name, token_endpoint_auth_method: authMethod, ...wanted } = parsed.data;
  if (!redirect_uris.every(isRedirectUri)) return err("invalid_redirect_uri");
  const grantTypes = GRANTS.filter((grant) => wanted.grant_types.includes(grant));
  if (!grantTypes.includes("authorization_code") || !wanted.response_types.includes("code"))
    return err("invalid_client_metadata");

  const id = crypto.randomUUID();
  const created = authMethod === "none" ? undefined : createClientSecret(deps.config.PEPPER[0], id);
  const now = deps.now();
  const name = client_name ?? (new URL(redirect_uris[0] ?? "").hostname || "App");
  const isInserted = await insertDynamicClient(deps.db, {
    id,
    name,
    authMethod,
    secretDigest: created?.digest ?? null,
    redirectUris: redirect_uris.map(registeredForm),
    grantTypes,
    createdAt: now,
  });
  if (!isInserted) return err("too_many_clients");
  return ok({
    client_id: id,
    client_id_issued_at: Math.floor(now / 1000),
    ...(created && { client_secret: created.secret, client_secret_expires_at: 0 }),
    client_name: name,
    redirect_uris,
    grant_types: grantTypes,
    response_types: ["code"],
    token_endpoint_auth_method: authMethod,
  });
}

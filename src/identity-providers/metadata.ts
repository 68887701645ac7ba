import * as z from "zod/mini";
import { ok, type Result } from "../result.ts";
import { ask, unavailable } from "./outbound.ts";
import type { IdentityProvider, ProviderDeps } from "./provider.ts";

/** What is needed of a provider's metadata (OpenID Connect Discovery 1.0 §3, RFC 9207 §3). */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.optional(z.string()),
  token_endpoint_auth_methods_supported: z._default(z.array(z.string()), ["client_secret_basic"]),
  authorization_response_iss_parameter_supported: z._default(z.boolean(), false),
  claims_supported: z._default(z.array(z.string()), []),
});
export type Metadata = z.infer<typeof Metadata>;

const CACHE_MILLISECONDS = 3_600_000;

/** Cached per isolate. An entry ends with the settings that it belongs to. */
const cache = new WeakMap<IdentityProvider, { metadata: Metadata; at: number }>();

/**
 * Returns the metadata of a provider, at most one hour old.
 *
 * Errors: `provider_unavailable`, also if the metadata is of another issuer or names an endpoint
 * without https.
 */
export async function loadMetadata(
  { now, signal }: ProviderDeps,
  provider: IdentityProvider,
): Promise<Result<Metadata>> {
  if (provider.kind === "github") return ok(metadataOfGithub(provider.issuer));
  const cached = cache.get(provider);
  if (cached && now() - cached.at < CACHE_MILLISECONDS) return ok(cached.metadata);

  const address = `${provider.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await ask(provider, "discovery", Metadata, address, { signal });
  if (!answer.ok) return answer;
  const data = answer.value;
  if (!isIssuerOf(provider, data.issuer)) return unavailable(provider, "discovery", "issuer");
  const endpoints = [data.authorization_endpoint, data.token_endpoint, data.jwks_uri, data.userinfo_endpoint];
  if (!endpoints.every((url) => url === undefined || isEndpointOf(provider, url))) {
    return unavailable(provider, "discovery", "endpoint");
  }
  cache.set(provider, { metadata: data, at: now() });
  return answer;
}

/**
 * GitHub signs users in by OAuth 2.0, without an id_token. `issuer` is what its callbacks name in
 * `iss`.
 */
const metadataOfGithub = (issuer: string): Metadata => ({
  issuer: `${issuer}/login/oauth`,
  authorization_endpoint: `${issuer}/login/oauth/authorize`,
  token_endpoint: `${issuer}/login/oauth/access_token`,
  jwks_uri: "",
  token_endpoint_auth_methods_supported: ["client_secret_post"],
  authorization_response_iss_parameter_supported: false,
  claims_supported: [],
});

/** Tests for https. The settings allow an issuer without it only on loopback. */
function isEndpointOf({ issuer }: IdentityProvider, url: string): boolean {
  const { protocol, origin, username, password } = URL.parse(url) ?? {};
  return (protocol === "https:" || origin === new URL(issuer).origin) && !username && !password;
}

/** Microsoft's placeholder in the issuer of an endpoint that users of several tenants share. */
const ANY_TENANT = "{tenantid}";
const TENANT_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** The tenant of all personal accounts at Microsoft. */
const PERSONAL_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad";

const tenantOf = (issuer: string) => /\/([^/]*)\/v2\.0$/.exec(issuer)?.[1] ?? "";

/**
 * Tests whether metadata is of the configured issuer. Microsoft's is if it differs only in the
 * tenant, and a name was configured: `common`, or a domain, in place of the tenant's id.
 */
function isIssuerOf({ kind, issuer }: IdentityProvider, found: string): boolean {
  if (found === issuer) return true;
  const [configured, tenant] = [tenantOf(issuer), tenantOf(found)];
  if (kind !== "microsoft" || TENANT_ID.test(configured) || !(tenant === ANY_TENANT || TENANT_ID.test(tenant))) {
    return false;
  }
  return found === issuer.replace(/[^/]*(?=\/v2\.0$)/, tenant);
}

/** Returns the issuer with the tenant in the place of Microsoft's placeholder, if there is one. */
function withTenant(issuer: string, tenant: unknown): string | undefined {
  if (!issuer.includes(ANY_TENANT)) return issuer;
  return TENANT_ID.test(String(tenant)) ? issuer.replace(ANY_TENANT, String(tenant)) : undefined;
}

/** Tests the `iss` of an authorization response (RFC 9207 §2.4). */
export const isIssParameter = ({ issuer }: Metadata, iss: string): boolean => iss === withTenant(issuer, tenantOf(iss));

/** Tests the `iss` of an id_token. `tid` is the tenant of the user at Microsoft. */
export function isIssClaim(provider: IdentityProvider, metadata: Metadata, { iss, tid }: Record<string, unknown>) {
  const isExcluded = tenantOf(provider.issuer) === "organizations" && tid === PERSONAL_ACCOUNTS;
  return iss === withTenant(metadata.issuer, tid) && !isExcluded;
}

/** Tests whether a key of Microsoft may sign for the issuer. Other providers do not limit keys. */
export const isKeyFor = (keyIssuer: unknown, { iss, tid }: Record<string, unknown>): boolean =>
  typeof keyIssuer !== "string" || withTenant(keyIssuer, tid) === iss;

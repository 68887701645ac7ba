import { CLIENT_AUTH_METHODS, GRANT_TYPES } from "../../contract/oauth-client.ts";
import type { Deps } from "../../deps.ts";
import { LOCALES } from "../../locales/locales.ts";
import { ASSERTION_ALGORITHMS } from "./client-assertion.ts";
import { allScopes } from "./scopes.ts";

/** The claims of access tokens, ID tokens and the userinfo endpoint. */
const CLAIMS = [
  "iss",
  "aud",
  "sub",
  "sid",
  "jti",
  "iat",
  "exp",
  "auth_time",
  "amr",
  "acr",
  "client_id",
  "email_verified",
  "roles",
  "nonce",
  "at_hash",
  "name",
  "given_name",
  "family_name",
  "preferred_username",
  "locale",
  "updated_at",
  "email",
  "phone_number",
  "phone_number_verified",
];

/**
 * The metadata of OAuth 2.0 (RFC 8414 §2) and OpenID Connect Discovery 1.0 (§3). Services that
 * verify access tokens find the keys by it too, and read `id_token_signing_alg_values_supported` as
 * the algorithms of all tokens.
 *
 * `ISSUER` has no path, so none is inserted after `/.well-known/…` (RFC 8414 §3.1).
 */
export const metadata = ({ config, tokens }: Deps) => ({
  issuer: config.ISSUER,
  jwks_uri: `${config.ISSUER}/.well-known/jwks.json`,
  service_documentation: `${config.ISSUER}/docs`,
  authorization_endpoint: `${config.ISSUER}/oauth/authorize`,
  token_endpoint: `${config.ISSUER}/oauth/token`,
  device_authorization_endpoint: `${config.ISSUER}/oauth/device_authorization`,
  userinfo_endpoint: `${config.ISSUER}/oauth/userinfo`,
  revocation_endpoint: `${config.ISSUER}/oauth/revoke`,
  introspection_endpoint: `${config.ISSUER}/oauth/introspect`,
  end_session_endpoint: `${config.ISSUER}/oauth/logout`,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: GRANT_TYPES,
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
  token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
  revocation_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
  revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
  introspection_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS.filter((method) => method !== "none"),
  introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
  authorization_response_iss_parameter_supported: true,
  ...(config.OAUTH_CIMD === "on" && { client_id_metadata_document_supported: true }),
  ...(config.OAUTH_DCR === "on" && { registration_endpoint: `${config.ISSUER}/oauth/register` }),
  scopes_supported: allScopes(config),
  prompt_values_supported: ["none", "login", "consent", "select_account", "create"],
  acr_values_supported: ["aal1", "aal2"],
  ui_locales_supported: LOCALES,
  request_uri_parameter_supported: false,
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: [...new Set(tokens.keys.verifying.map(({ alg }) => alg))],
  claims_supported: CLAIMS,
});

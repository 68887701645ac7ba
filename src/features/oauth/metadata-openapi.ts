import * as z from "zod/mini";
import { CLIENT_AUTH_METHODS, GRANT_TYPES, STANDARD_SCOPES } from "../../contract/oauth-client.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { LOCALES } from "../../locales/locales.ts";
import { ASSERTION_ALGORITHMS } from "./client-assertion.ts";

/** The metadata of `metadata.ts`. */
const Metadata = z.object({
  issuer: z.url(),
  jwks_uri: z.url(),
  service_documentation: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  device_authorization_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  revocation_endpoint: z.url(),
  introspection_endpoint: z.url(),
  end_session_endpoint: z.url(),
  response_types_supported: z.array(z.string()),
  response_modes_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  revocation_endpoint_auth_methods_supported: z.array(z.string()),
  revocation_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  introspection_endpoint_auth_methods_supported: z.array(z.string()),
  introspection_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  authorization_response_iss_parameter_supported: z.boolean(),
  client_id_metadata_document_supported: z.optional(z.boolean()),
  registration_endpoint: z.optional(z.url()),
  scopes_supported: z.array(z.string()),
  prompt_values_supported: z.array(z.string()),
  acr_values_supported: z.array(z.string()),
  ui_locales_supported: z.array(z.string()),
  request_uri_parameter_supported: z.boolean(),
  grant_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  claims_supported: z.array(z.string()),
});

const ISSUER = "https://auth.example.com";

const METADATA: z.infer<typeof Metadata> = {
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/.well-known/jwks.json`,
  service_documentation: `${ISSUER}/docs`,
  authorization_endpoint: `${ISSUER}/oauth/authorize`,
  token_endpoint: `${ISSUER}/oauth/token`,
  device_authorization_endpoint: `${ISSUER}/oauth/device_authorization`,
  userinfo_endpoint: `${ISSUER}/oauth/userinfo`,
  revocation_endpoint: `${ISSUER}/oauth/revoke`,
  introspection_endpoint: `${ISSUER}/oauth/introspect`,
  end_session_endpoint: `${ISSUER}/oauth/logout`,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: [...GRANT_TYPES],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: [...CLIENT_AUTH_METHODS],
  token_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
  revocation_endpoint_auth_methods_supported: [...CLIENT_AUTH_METHODS],
  revocation_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
  introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
  introspection_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
  authorization_response_iss_parameter_supported: true,
  scopes_supported: [...STANDARD_SCOPES],
  prompt_values_supported: ["none", "login", "consent", "select_account", "create"],
  acr_values_supported: ["aal1", "aal2"],
  ui_locales_supported: [...LOCALES],
  request_uri_parameter_supported: false,
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["ES256"],
  claims_supported: ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "auth_time", "amr", "acr"],
};

export const schemas: Schemas = { Metadata };

export const operations: Operations = {
  "GET /.well-known/openid-configuration": {
    id: "getOpenIdConfiguration",
    tag: "OAuth",
    summary: "Get the metadata",
    description:
      "The issuer, its keys and their algorithms, the endpoints, and what they support (OpenID Connect Discovery 1.0).",
    answer: { status: 200, description: "The metadata.", schema: Metadata, example: METADATA },
  },
  "GET /.well-known/oauth-authorization-server": {
    id: "getAuthorizationServerMetadata",
    tag: "OAuth",
    summary: "Get the metadata (OAuth)",
    description: "The same metadata as `/.well-known/openid-configuration`, at the address of RFC 8414.",
    answer: { status: 200, description: "The metadata.", schema: Metadata, example: METADATA },
  },
};

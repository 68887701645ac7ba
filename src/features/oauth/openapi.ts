import * as z from "zod/mini";
import { CLIENT_AUTH_METHODS } from "../../contract/oauth-client.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";

const text = z.optional(z.string());

/** Also in the Authorization header, as HTTP Basic. */
const client = { client_id: text, client_secret: text, client_assertion_type: text, client_assertion: text };

const ClientTokenForm = z.looseObject({
  grant_type: z.string(),
  ...client,
  code: text,
  code_verifier: text,
  redirect_uri: text,
  refresh_token: text,
  resource: text,
  scope: text,
  device_code: text,
});

const DeviceAuthorizationForm = z.looseObject({ ...client, scope: text, resource: text });

const DeviceAuthorization = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  expires_in: z.int(),
  interval: z.int(),
});

const ClientTokens = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  refresh_token: text,
  scope: z.string(),
  id_token: text,
});

const TokenForm = z.looseObject({ token: z.string(), token_type_hint: text, ...client });

const Nothing = z.object({});

const Introspection = z.looseObject({
  active: z.boolean(),
  token_type: text,
  client_id: text,
  sub: text,
  scope: text,
  exp: z.optional(z.int()),
  sid: text,
  iss: text,
});

const UserInfo = z.looseObject({
  sub: z.string(),
  name: text,
  preferred_username: text,
  updated_at: z.optional(z.int()),
  email: text,
  email_verified: z.optional(z.boolean()),
  phone_number: text,
  phone_number_verified: z.optional(z.boolean()),
});

const RegisteredClient = z.object({
  client_id: z.string(),
  client_id_issued_at: z.int(),
  client_secret: text,
  client_secret_expires_at: z.optional(z.literal(0)),
  client_name: z.string(),
  redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
  response_types: z.array(z.string()),
  token_endpoint_auth_method: z.string(),
});

export const schemas: Schemas = {
  RegisteredClient,
  ClientTokenForm,
  ClientTokens,
  DeviceAuthorizationForm,
  DeviceAuthorization,
  TokenForm,
  Nothing,
  Introspection,
  UserInfo,
};

const CLIENT = { client_id: "0b0e4c2e-4c4f-4a53-9d57-0f2f4e6c7b11", client_secret: "ghcs_…" };
const AUTHENTICATION = `The client authenticates by HTTP Basic or in the form, by its secret or by a JWT that it signs (${CLIENT_AUTH_METHODS.join(", ")}).`;

const info: Omit<Operation, "id"> = {
  oauth: true,
  tag: "OAuth",
  summary: "Get the claims of a user",
  description:
    "Returns what the scopes of an access token allow (OpenID Connect Core §5.3). The token must have the scope `openid`, and no `resource`.",
  bearer: true,
  answer: {
    status: 200,
    description: "The claims.",
    schema: UserInfo,
    example: {
      sub: "9d8f5c0e-3f1b-4f6e-8a64-5a3b0e5d6c21",
      email: "jane.doe@example.com",
      email_verified: true,
      preferred_username: "janedoe",
      updated_at: 1_793_500_000,
    },
  },
  errors: ["insufficient_scope"],
};

export const operations: Operations = {
  "POST /oauth/token": {
    id: "exchangeGrant",
    tag: "OAuth",
    summary: "Exchange a grant for tokens",
    description: `Exchanges an authorization code (with its PKCE verifier) or a refresh token for tokens (RFC 6749 §3.2). With \`client_credentials\` a client with a secret gets an access token for itself. ${AUTHENTICATION} Failures are RFC 6749 errors.`,
    form: ClientTokenForm,
    formExample: { grant_type: "authorization_code", ...CLIENT, code: "…", code_verifier: "…" },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The tokens. Lifetimes are in seconds.",
      schema: ClientTokens,
      example: {
        access_token: "eyJ…",
        token_type: "Bearer",
        expires_in: 900,
        refresh_token: "WyI…",
        scope: "openid email",
        id_token: "eyJ…",
      },
    },
    errors: [
      "invalid_client",
      "invalid_grant",
      "invalid_refresh_token",
      "refresh_token_reused",
      "unauthorized_client",
      "invalid_target",
      "invalid_scope",
      "authorization_pending",
      "slow_down",
      "access_denied",
      "expired_token",
    ],
  },
  "POST /oauth/device_authorization": {
    id: "authorizeDevice",
    tag: "OAuth",
    summary: "Start a device code",
    description: `Starts the sign-in of a device without a browser (RFC 8628 §3.1). The device shows \`user_code\` and polls \`POST /oauth/token\` with \`device_code\`. ${AUTHENTICATION}`,
    form: DeviceAuthorizationForm,
    formExample: { client_id: CLIENT.client_id, scope: "openid offline_access" },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The codes. Lifetimes are in seconds.",
      schema: DeviceAuthorization,
      example: {
        device_code: "…",
        user_code: "WDJB-MJHT",
        verification_uri: "https://auth.example.com/device",
        verification_uri_complete: "https://auth.example.com/device?user_code=WDJB-MJHT",
        expires_in: 600,
        interval: 5,
      },
    },
    errors: ["invalid_client", "unauthorized_client", "invalid_target"],
  },
  "POST /oauth/revoke": {
    id: "revokeToken",
    tag: "OAuth",
    summary: "Revoke a token",
    description: `Ends the session of an access or a refresh token of the client (RFC 7009). A token that is not valid is no error. ${AUTHENTICATION}`,
    form: TokenForm,
    formExample: { token: "…", ...CLIENT },
    rateLimits: ["credentials"],
    answer: { status: 200, description: "The token is not valid anymore.", schema: Nothing, example: {} },
    errors: ["invalid_client"],
  },
  "POST /oauth/register": {
    id: "registerClient",
    tag: "OAuth",
    summary: "Register a client",
    description:
      "Takes client metadata as JSON (RFC 7591 §2): `redirect_uris`, and optionally `client_name`, `grant_types`, `response_types` and `token_endpoint_auth_method`. Anything else is ignored. The client is deleted after an hour if no user has it. `OAUTH_DCR` must be on.",
    oauth: true,
    rateLimits: ["registration"],
    answer: {
      status: 201,
      description: "The client. Its secret is only in this answer.",
      schema: RegisteredClient,
      example: {
        ...CLIENT,
        client_id_issued_at: 1_793_500_000,
        client_secret_expires_at: 0,
        client_name: "Robot",
        redirect_uris: ["https://robot.example/callback"],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    },
    errors: [
      "invalid_client_metadata",
      "invalid_redirect_uri",
      "registration_disabled",
      "too_many_clients",
      "body_too_large",
    ],
  },
  "POST /oauth/introspect": {
    id: "introspectToken",
    tag: "OAuth",
    summary: "Introspect a token",
    description: `Says whether a token is active, and what it is (RFC 7662). A client of the operator may ask about every token, any other about its own. ${AUTHENTICATION} A public client gets \`invalid_client\`.`,
    form: TokenForm,
    formExample: { token: "…", ...CLIENT },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The state of the token.",
      schema: Introspection,
      example: {
        active: true,
        client_id: CLIENT.client_id,
        sub: "9d8f5c0e-3f1b-4f6e-8a64-5a3b0e5d6c21",
        sid: "4f6f1f6a-1f7e-4dc2-9a0e-6b6f9f4f8a10",
        scope: "openid email",
        iss: "https://auth.example.com",
        exp: 1_793_500_900,
      },
    },
    errors: ["invalid_client"],
  },
  "GET /oauth/userinfo": { id: "getUserInfo", ...info },
  "POST /oauth/userinfo": { id: "sendUserInfo", ...info },
};

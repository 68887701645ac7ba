import { EXPORT_FIELDS } from "./export-fields.ts";
import { OAUTH_FIELDS } from "./oauth-fields.ts";

/**
 * The description of each field, by its name. The key `Schema.field` describes a field that has
 * another meaning in one schema. A description in the schema itself takes precedence.
 */
export const FIELDS: Record<string, string> = {
  // Identifiers and profile
  id: "The id. It never changes and is never reused.",
  identifier: "An email address, a phone number or a username.",
  email: "An email address. It is stored, returned and found in lower case, with its domain in ASCII (IDNA, UTS 46).",
  email_verified: "Whether the user proved that they receive messages at `email`.",
  phone:
    "A mobile number in any spelling, without an extension. It is stored and returned in E.164. Without a country code it is a number of `DEFAULT_COUNTRY`.",
  phone_verified: "Whether the user proved that they receive messages at `phone`.",
  username: "A username: a letter, then letters, digits, dots, hyphens or underscores.",
  "LoginForm.username": "An email address, a phone number or a username.",
  first_name: "The first name, without control characters.",
  last_name: "The last name, without control characters.",
  contact: "The address that receives messages first. `null`: the email address if there is one.",
  short_description: "A text about the user.",
  locale: "The language of messages to the user, as a tag (BCP 47). It is stored in its canonical form.",
  roles: "The roles, sorted. Only an administrator changes them.",
  created_at: "When it was created.",
  "OwnEvent.created_at": "When it happened.",
  updated_at: "When it was last changed.",

  ...OAUTH_FIELDS,
  ...EXPORT_FIELDS,

  // Proofs
  password: "The password.",
  confirm_password: "If given, it must equal the new password.",
  new_password: "The password to set. It is not one of the most common ones and does not contain an identifier.",
  old_password: "The current password. A recently authenticated session needs none.",
  current_password: "An alias of `old_password`.",
  otp: "The code from the message.",
  token: "The token from the link.",
  turnstile_token: "The token of Turnstile's widget, if the service requires a captcha.",

  "ProveSecondFactor.code": "A code of the authenticator app, or a recovery code, in any spelling.",
  "Reauthenticate.code": "A code of the authenticator app, or a recovery code, in any spelling.",
  "ConfirmTotp.code": "The code that the new app shows.",
  trust_device:
    "Whether to trust this device from now on, so that a first factor alone signs in here. Ignored unless `TRUSTED_DEVICE_DAYS` is set.",
  login_token:
    "The token of a sign-in that needs a second factor. It is valid for five minutes, or for ten to add the factor.",
  factors: "The second factors of the account, or those that it can add. Any of them finishes the sign-in.",
  "ConfirmTotpEnrollment.code": "The code that the new app shows.",

  // Second factors
  credential: "The response of the authenticator: `toJSON()` of the credential.",
  passkey_name: "What the owner calls the passkey. Default: the name of the authenticator, if it is known.",
  rawId: "The same as `id`.",
  "RegistrationResponse.id": "The credential id in base64url.",
  "AuthenticationResponse.id": "The credential id in base64url.",
  "CredentialDescriptor.id": "The credential id in base64url.",
  "Passkey.id": "The credential id in base64url.",
  "RegistrationResponse.type": "Always `public-key`.",
  "AuthenticationResponse.type": "Always `public-key`.",
  "CredentialDescriptor.type": "Always `public-key`.",
  response: "The response, with its binary members in base64url.",
  clientExtensionResults: "What the browser knows of the credential.",
  challenge: "The challenge in base64url.",
  rpId: "The relying party id: the setting `RP_ID`.",
  rp_id: "The relying party id, for `PublicKeyCredential.signalAllAcceptedCredentials()`.",
  user_handle: "The `user.id` of the account's passkeys, for `PublicKeyCredential.signalAllAcceptedCredentials()`.",
  rp: "The relying party.",
  user: "The account, as the authenticator lists it.",
  pubKeyCredParams: "The algorithms that are accepted, the preferred one first.",
  timeout: "How long the user has, in milliseconds.",
  userVerification: "Whether the authenticator must verify its user.",
  attestation: "No attestation is requested.",
  authenticatorSelection: "Which authenticators are preferred.",
  excludeCredentials: "The passkeys that the account has already.",
  allowCredentials: "The passkeys that may be used. Empty: the browser offers those that it knows.",
  extensions: "What the browser should say of the new credential.",
  transports: "How the browser reaches the authenticator.",
  "EnrollPasskey.name": "A name for the owner. Without it, that of the authenticator if it is known.",
  "AddPasskey.name": "A name for the owner. Without it, that of the authenticator if it is known.",
  "RenamePasskey.name": "The new name.",
  "Passkey.name": "A name for the owner.",
  "Passkey.last_used_at": "When it signed in or re-authenticated last. `null`: never.",
  backed_up: "Whether it is copied to the user's other devices.",
  "PasskeyList.passkeys": "The passkeys, oldest first.",
  passkey: "The new passkey.",
  "Factors.password": "Whether the account has a password.",
  totp: "The authenticator app. `null` without one.",
  confirmed_at: "When it was added.",
  passkeys: "The number of passkeys.",
  identities: "The number of linked accounts at identity providers.",
  "IdentityList.identities": "The identities, oldest first.",
  provider: "The `id` of the provider in `IDENTITY_PROVIDERS`.",
  "Identity.email": "The address there at the last sign-in. It identifies nobody here.",
  linked_at: "When it was linked.",
  "Identity.last_used_at": "When it signed in last. `null`: never.",
  return_to: "Where the browser goes then: a page of this service or of an origin in `ALLOWED_ORIGINS`.",
  url: "Where to send the browser. It is valid for ten minutes.",
  recovery_codes_left: "The number of unused recovery codes.",
  removal_due_at: "When the second factors are removed because they are lost. `null`: nobody asked for it.",
  recovery_codes: "The recovery codes. Each replaces the second factor once.",
  secret: "The secret in base32, to type into the app.",
  uri: "The same as an `otpauth:` address, for a QR code.",
  "TotpSetup.expires_in": "How long the secret waits for its first code, in seconds.",

  // API keys
  "ApiKeyList.api_keys": "The API keys, oldest first.",
  "ApiKey.id": "A part of the key, which is no secret.",
  "ApiKey.name": "A name for the owner.",
  "NewOwnApiKey.name": "A name for the owner.",
  "ApiKey.scopes": "What the key may do.",
  "NewOwnApiKey.scopes": "What the key may do: scopes of `OAUTH_SCOPES`.",
  "NewOwnApiKey.expires_in": "How long the key is valid, in seconds. By default it does not expire.",
  "ApiKey.expires_at": "When it expires. `null`: never.",
  "ApiKey.last_used_at": "When it was used last, up to a minute late. `null`: never.",
  key: "The key. Only the answer to its creation has it.",
  api_key: "The API key.",
  "ExchangeApiKey.resource": "The API that the token is for, one of `OAUTH_RESOURCES`.",
  "ApiKeyToken.scope": "The scopes of the key.",

  // Tokens
  transport: "Where the refresh token is sent: in the body, or in a cookie that scripts cannot read.",
  access_token: "The access token, a JWT (RFC 9068). Send it as `Authorization: Bearer …`.",
  token_type: "The type of the access token (RFC 6750).",
  expires_in: "The lifetime of the access token in seconds.",
  refresh_token: "The refresh token. Each one works once.",
  "Tokens.refresh_token": "The refresh token. Absent if the response sets it as a cookie.",
  refresh_expires_in: "The lifetime of the refresh token in seconds.",
  device_token:
    "The device token of an earlier sign-in on this device. Strangers who guess passwords cannot lock the user out there.",
  "Tokens.device_token":
    "Send it with the next sign-in on this device. Absent after a refresh, and if the response sets it as a cookie.",
  grant_type: "The grant (RFC 6749).",
  scope: "Ignored.",
  "Logout.scope": "The sessions that end: this one, all others of the user, or all. By default `local`.",
  client_id: "Ignored.",
  client_secret: "Ignored.",

  // Sessions and events
  sessions: "The active sessions.",
  "TrustedDevice.created_at": "When it was trusted.",
  "TrustedDevice.last_used_at": "When it took the place of a second factor last.",
  "TrustedDevice.expires_at": "When the trust ends.",
  trusted_devices: "The devices, last used first.",
  last_used_at: "When tokens were last issued for it.",
  expires_at: "When it ends if it is not used.",
  user_agent: "The `User-Agent` header.",
  device: "The device that the `User-Agent` header describes.",
  "Device.browser": "The name of the browser. `null` if unknown.",
  "Device.os": "The name of the operating system. `null` if unknown.",
  "Device.type": "The type of the device, such as `desktop`, `mobile` or `tablet`. `null` if unknown.",
  ip: "The IP address. For IPv6, only the first 64 bits.",
  current: "Whether it is the session of this request.",
  events: "The events, newest first.",
  "OwnEvent.type": "What happened. A type never changes its meaning.",
  by_administrator: "Whether an administrator of the service did it.",
  reason: "What the administrator gave as the reason. `null` if it was no act of an administrator.",
  session_id: "The session in which it happened. `null` if none was involved.",
  next_cursor: "The `cursor` of the next page. `null` on the last page.",
  cursor: "The `next_cursor` of the previous page. Without it, the first page is returned.",
  limit: "The number of items on a page.",
  group:
    "The group of events: sign-ins, changes of the account, or messages with their codes. Without it, all are returned.",

  // Problems
  "Problem.type": "A link to the description of the code.",
  title: "The name of the problem.",
  "Problem.status": "The HTTP status.",
  detail: "What happened, and what to do.",
  code: "The code of the problem. It never changes its meaning.",
  errors: "The fields that are missing, unknown or invalid.",
  path: "The name of the field. A dot separates the names of nested fields.",
  message: "What the field must be.",
  error: "The error of OAuth 2.0 (RFC 6749 §5.2).",
  error_description: "What happened, and what to do.",

  // Service
  "Health.status": "Always `ok`.",
  "Readiness.status": "Always `ready`.",
  messages: "The messages, newest first.",
  channel: "How the message would have been sent.",
  to: "The address of the recipient.",
  language: "The language of the message.",
  subject: "The subject.",
  text: "The text.",
  html: "The HTML part, which says the same as the text.",
  from: "The sender, as `MAIL_FROM` sets it.",
  reply_to: "Where answers go, as `MAIL_REPLY_TO` sets it.",
  headers: "Further headers of the mail.",
  openapi: "The version of the OpenAPI specification.",
  issuer: "The issuer of the tokens.",
  docs: "The API reference.",
  "Welcome.openapi": "The OpenAPI document.",
  jwks: "The public keys.",
  jwks_uri: "The address of the public keys.",
  origins: "The origins.",
  service_documentation: "The address of the API reference.",
  response_types_supported: "Empty: there is no authorization endpoint.",
  grant_types_supported: "Empty: there is no token endpoint for OAuth clients.",
  subject_types_supported: "Every verifier gets the same `sub`.",
  id_token_signing_alg_values_supported: "The algorithms of the keys.",
  claims_supported: "The claims of an access token.",
  keys: "The keys. The first one signs, all verify.",
  kty: "The type of the key (RFC 7517).",
  kid: "The id of the key. Tokens name it in their header.",
  alg: "The algorithm (RFC 7518).",
  use: "The key is for signatures.",
  crv: "The curve.",
  x: "The x coordinate.",
  y: "The y coordinate.",
  n: "The modulus of an RSA key.",
  e: "The exponent of an RSA key.",
  iat: "When the key was created, in Unix time.",
  nbf: "When the key starts to sign, in Unix time.",
};

/** Adds the missing descriptions of the fields of components, and those of query parameters. */
export function describeFields({ components, paths }: { components?: object; paths?: object }): void {
  for (const [component, schema] of Object.entries(at(components, "schemas")))
    visit(schema, (node) => {
      for (const [name, property] of Object.entries(at(node, "properties")))
        if (isObject(property)) property["description"] ??= FIELDS[`${component}.${name}`] ?? FIELDS[name];
    });
  visit(paths, (node) => {
    if (node["in"] === "query") node["description"] ??= FIELDS[String(node["name"])];
  });
}

function visit(node: unknown, act: (node: Record<string, unknown>) => void): void {
  if (!isObject(node)) return;
  act(node);
  for (const inner of Object.values(node)) visit(inner, act);
}

const at = (node: unknown, name: string) => (isObject(node) && isObject(node[name]) ? node[name] : {});

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

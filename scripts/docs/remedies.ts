/** The remedy for each error code, for developers and operators. `/docs/errors` shows it. */
import type { ErrorCode } from "../../src/errors.ts";

export const REMEDIES: Record<ErrorCode, string> = {
  malformed_body:
    "Serialize the body with `JSON.stringify` or the library's own encoder instead of building the text by hand. Send it " +
    "in UTF-8, without compression.",
  invalid_token:
    "Tell the user that the link no longer works, and offer to send a new one with `POST /auth/forgot-password` or " +
    "`POST /auth/login/request-code`. Only the " +
    "newest link works, once.",
  invalid_code:
    "Let the user correct the code. After several attempts, offer a new one: `POST /auth/login/request-code`, " +
    "`POST /auth/verify/resend` or `POST /auth/request-reset`. Only the newest code works.",
  invalid_state:
    "Let the user start again, in the browser that finishes the sign-in. A callback works once, within ten minutes.",
  invalid_end_user_ip:
    "Send the address of the user alone. If a proxy gives you a list such as `203.0.113.7, 10.0.0.1`, pick the entry that " +
    "your own proxy added.",
  unsupported_grant_type:
    "Use `password` at `POST /auth/login`, `refresh_token` at `POST /auth/refresh`, and at `POST /oauth/token` those of " +
    "`grant_types_supported` in the metadata.",
  invalid_grant:
    "Send the user to the authorization endpoint again. A code works once, within a minute, with the `code_verifier` and " +
    "the `redirect_uri` of its request.",
  invalid_api_key:
    "Let the owner of the key create another one. Keys that were last used under a removed `PEPPER` are invalid.",
  too_many_api_keys: "Let the user revoke a key that is no longer used: the list says when each was last used.",
  too_many_clients: "Delete clients that nobody uses.",
  unknown_client: "Compare the client id with `npm run clients -- list`. The client may have been deleted.",
  insufficient_scope:
    "Ask in the authorization request for the scope that `WWW-Authenticate` names: `openid` for userinfo, `account` for " +
    "`/users/me`, which only apps of the operator can have.",
  invalid_redirect_uri:
    "Register the URI with `npm run clients` or `AdminService.updateClient`, or send the registered one. Only the port of " +
    "a loopback address may differ.",
  invalid_client_metadata: "Send `redirect_uris`, and only values that the metadata of the service lists as supported.",
  registration_disabled: "Create the client with `npm run clients` or `AdminService.createClient`, or set `OAUTH_DCR`.",
  unauthorized_client: "Add the grant to `grant_types` of the client.",
  invalid_target:
    "Add the API to `OAUTH_RESOURCES`. With a code or a refresh token, omit `resource` or repeat that of the authorization.",
  authorization_pending: "Wait for `interval` seconds, then send the same request again, until `expires_in` is over.",
  slow_down:
    "Add five seconds to the interval, for this request and all that follow. Devices behind one network address share a " +
    "limit of 60 polls a minute.",
  access_denied: "Tell the user that the device got nothing. To try again, start with a new device code.",
  expired_token:
    "Send `POST /oauth/device_authorization` again and show the new code. A code is valid for ten minutes.",
  invalid_scope:
    "Omit `scope`, or name scopes of `OAUTH_SCOPES` that the client may have and, at a refresh, that the user allowed.",
  invalid_client:
    "Compare the client id and the secret with those of the service. A secret that was rotated works for one more day. One " +
    "that was made under a removed `PEPPER` needs `rotateClientSecret`. An assertion needs `aud` as the issuer, an `exp` at " +
    "most an hour ahead, and a new `jti` each time.",
  unauthenticated:
    "Refresh the access token with `POST /auth/refresh` and repeat the request once. If refreshing fails too, let the " +
    "user sign in again.",
  invalid_credentials:
    "Show the same message for an unknown account and a wrong password, and offer to reset the password. The service " +
    "does not say which of the two was wrong.",
  invalid_refresh_token: "Delete the stored tokens and let the user sign in again. Do not repeat the request.",
  refresh_token_reused:
    "Let the user sign in again. If it happens without an attack, two parts of your app refresh with copies of one " +
    "token: share the newest token between them, as the [client of the SDK](sdk.md#call-the-service-from-a-web-page) does.",
  reauthentication_required:
    "Ask the user for the password, call `POST /users/me/reauthenticate`, store the new tokens, and repeat the request. If " +
    '`WWW-Authenticate` has `acr_values="aal2"`, ask for a code of the second factor instead.',
  forbidden:
    "Do not show this act to the user. Let an administrator who has the role `owner` do it, if it is about another " +
    "administrator or a first-party client.",
  account_disabled:
    "Tell the user to contact you. An administrator enables the account with `npm run admin -- enable USER`.",
  second_factor_required:
    "Ask for a code of the authenticator app or a recovery code, or for the passkey, whichever `factors` lists. Send it " +
    "with the `login_token` to `POST /auth/login/second-factor`, within five minutes.",
  enrollment_required:
    "Let the user add an authenticator app or a passkey now: send the `login_token` to `POST /auth/login/enroll/totp` or " +
    "`POST /auth/login/enroll/passkey/options`, and confirm within ten minutes. The answer has the tokens of the session " +
    "and the recovery codes. The setting `MFA_POLICY` says which accounts need a second factor.",
  invalid_login_token:
    "Start the sign-in again with the first factor. A login token is valid for five minutes, or ten to add a second factor.",
  invalid_passkey:
    "Call `navigator.credentials.create()` with fresh options and send the result of `toJSON()` unchanged. The page must be " +
    "one of `ISSUER` or `ALLOWED_ORIGINS`, and `RP_ID` its domain or one above it.",
  passkey_exists:
    "The browser refuses a second passkey of one authenticator by itself, with an `InvalidStateError`: tell the user that " +
    "this device has one. If the account has twenty, let the user remove one.",
  last_credential:
    "Let the user set a password, add another passkey, or verify an address that [codes](mailed-codes.md) are sent to first.",
  factor_required:
    "Let the user add another second factor, then remove this one. The setting `MFA_POLICY` requires one.",
  totp_exists: "Remove the app with `DELETE /users/me/totp`, then add the new one.",
  verification_required:
    "Ask for the code that was sent, call `POST /auth/verify`, and sign in again. `POST /auth/verify/resend` sends a new " +
    "code. The setting `REQUIRE_VERIFICATION` turns this on and off.",
  other_browser:
    "Show `otp` and ask the user to type it where they asked to sign in. If it is the same browser, let the request for the " +
    'code and this one keep cookies: `credentials: "include"` in a web page.',
  captcha_required:
    "Render the widget again for a new token: a token works once, for five minutes. [Captcha](captcha.md) lists the " +
    "`action` of each request.",
  origin_not_allowed:
    "Add the origin of the page to `ALLOWED_ORIGINS`, with its scheme and port. A server that forwards the cookie has to " +
    "send an `Origin` header itself.",
  invalid_backend_secret:
    "Compare the secret of your backend with `BACKEND_SECRET` of the service. During a rotation, list both values, " +
    "separated by a comma.",
  not_found:
    "Check the path and the id. The [API reference](api.md) lists all paths. If `detail` names `LOGIN_METHODS`, the service " +
    "does not offer this [way to sign in](mailed-codes.md#choose-the-ways-to-sign-in).",
  method_not_allowed: "Use one of the methods in the `Allow` header.",
  identity_exists:
    "Tell the user that the account at the provider is in use here. They can sign in with it and unlink it there.",
  email_taken: "Let the user sign in or reset the password instead, or enter another address.",
  username_taken: "Let the user choose another username.",
  phone_taken: "Let the user sign in or reset the password instead, or enter another number.",
  last_address: "Let the user add and verify another address, then remove this one.",
  body_too_large: "Send only the fields that the API reference lists.",
  unsupported_media_type: "Set the `Content-Type` header to `application/json`, and do not compress the body.",
  misdirected_request:
    "Call the address in `ISSUER`, with https if it has https. To use another host, such as that of a service binding, " +
    "add it to `ALLOWED_HOSTS`.",
  invalid_request: "Show each entry of `errors` next to its field. The codes are listed [below](#field-errors).",
  too_many_requests:
    "Wait as long as `Retry-After` says. If all your users share one address because a backend calls the service, send " +
    "[their addresses](sdk.md#call-the-http-api-from-a-backend).",
  too_many_attempts: "Show how long to wait, and offer to reset the password by email, which works at once.",
  internal_error:
    "Repeat the request later. Operators find the failure in Workers Logs under `request_failed`: see " +
    "[Operations](operations.md).",
  misconfigured:
    "Operators: fix the settings in `errors`, and deploy or set the secrets again. In development, edit `.dev.vars`. " +
    "`.dev.vars.example` documents every setting.",
  overloaded:
    "Repeat the request after `Retry-After` seconds. If it happens often, [Operations](operations.md) says why.",
  check_unavailable:
    "Repeat the request later. Operators find in the log which check failed: see [Operations](operations.md).",
  provider_refused:
    "Let the user start again. If it happens every time, compare the client id, the secret and the callback URL with the " +
    "provider's console. The log names the check that failed under `provider_refused`: see [Operations](operations.md).",
  provider_denied: "Show the ways to sign in again. The user may have canceled on purpose.",
  provider_not_asked:
    "Let the user sign out at the provider and start again, or confirm in another way, such as a code.",
  provider_unavailable:
    "Offer another way to sign in, or repeat the request later. Operators find the cause in the log under " +
    "`provider_unavailable`: see [Operations](operations.md).",
  messages_unavailable:
    "Repeat the request later. Operators check the queue and the providers: see [Operations](operations.md).",
  storage_unavailable: "Repeat the request after `Retry-After` seconds. Nothing was changed.",
  database_not_migrated: "Operators: run the command above, which applies the migrations.",
  not_ready: "Operators: fix what `errors` lists, then ask `GET /health/ready` again.",
};

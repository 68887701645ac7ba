/** The operator's action for each error code, which `/docs/troubleshooting` shows. */
import type { ErrorCode } from "../../src/errors.ts";

/** Of codes that users cause every day. */
export const NORMAL = "These are part of normal use, and need nothing:";
/** Of codes that only a fault in an app causes. */
export const APP =
  "These need a change in the app that gets them. If they began with an update, read [Updates](updates.md):";

export const OPERATOR_ACTIONS: Record<ErrorCode, string> = {
  malformed_body: APP,
  invalid_token:
    "Nothing, if it is rare. If every link fails, compare the time of the mail with that of the click: links are valid for " +
    "`RESET_TOKEN_TTL_SECONDS`, and mail that arrives later is [delayed](delivery.md#limits-and-first-weeks).",
  invalid_code:
    "Nothing, if it is rare. If every code fails, mail or texts arrive after `OTP_TTL_SECONDS`, or the first value of " +
    "`PEPPER` was replaced instead of kept as the second.",
  invalid_passkey:
    "Compare the origin of the page with `ISSUER` and `ALLOWED_ORIGINS`, and its domain with " +
    "[`RP_ID`](domains.md#passkeys-on-several-hosts).",
  invalid_end_user_ip: APP,
  unsupported_grant_type: APP,
  invalid_login_token: NORMAL,
  unauthenticated:
    "Nothing, if clients refresh and go on. If every token is refused, `ISSUER` or `ACCESS_TOKEN_AUDIENCE` was changed, or a " +
    "signing key was removed before its tokens expired.",
  invalid_credentials:
    "Nothing. Many from one network are guesses: [lockouts](limits.md#lockout) hold them back, and a " +
    "[captcha](captcha.md) more so.",
  invalid_refresh_token:
    "Nothing, if it is rare. If every session ended at once, `PEPPER` was replaced: put the old value behind the new one, " +
    "with a comma.",
  invalid_api_key:
    "Nothing. After a rotation of `PEPPER`, keys that were not used since need the old value, or a new key.",
  refresh_token_reused:
    "Ask the user whether another person uses the account. If it happens to many users of one app, that app refreshes with " +
    "copies of a token.",
  reauthentication_required: NORMAL,
  forbidden: "`npm run admin -- show USER` lists the roles of the administrator, and `grant USER ROLE` adds one.",
  account_disabled: "`npm run admin -- enable USER`, if the account may be used again.",
  verification_required:
    "Nothing, if codes arrive. If users cannot verify, see [nobody gets mail](#nobody-gets-mail). To let one user in: " +
    "`npm run admin -- verify USER ADDRESS`.",
  captcha_required: "If it concerns everyone, see [the captcha refuses everyone](#the-captcha-refuses-everyone).",
  origin_not_allowed:
    "Add the origin that `origin_refused` in the log names to `ALLOWED_ORIGINS`, if it is yours: see " +
    "[CORS errors](#cors-errors).",
  invalid_backend_secret:
    "Give the backend a value of `BACKEND_SECRET`. Keep the old one as a second value until it has.",
  not_found:
    "Nothing, if it is rare. A proxy in front must not change paths. If `detail` names `LOGIN_METHODS`, an app offers a way " +
    "to sign in that is off.",
  method_not_allowed: APP,
  email_taken: NORMAL,
  username_taken: NORMAL,
  phone_taken: NORMAL,
  passkey_exists: NORMAL,
  last_credential: NORMAL,
  factor_required: "Nothing: `MFA_POLICY` requires a second factor of this account.",
  too_many_api_keys: "Revoke keys that nobody uses: `npm run admin -- api-keys USER`, then `revoke-api-key ID`.",
  totp_exists: NORMAL,
  last_address: NORMAL,
  body_too_large: APP,
  unsupported_media_type: "Nothing here: an app sends another type, or a proxy in front compresses bodies.",
  misdirected_request: "See [421 at every path](#421-at-every-path).",
  invalid_request: "Nothing, if it is rare. If phone numbers are refused, list their countries in `SMS_COUNTRIES`.",
  too_many_requests: "See [users are limited](#users-are-limited).",
  too_many_attempts:
    "Nothing: it ends by itself within 15 minutes, and a reset by mail works at once. If it happens to many accounts, " +
    "somebody guesses: require a [captcha](captcha.md).",
  internal_error:
    "Find the line `request_failed` in the log, whose `stack` names the code, and report it. Compare the time with the last " +
    "deployment.",
  misconfigured:
    "Fix the settings that `errors` and the log name. `npm run doctor -- --env NAME` finds them before a deployment.",
  overloaded: "See [Scale](scale.md#what-to-do-before): set `SCRYPT_ENGINE=node`, offer passkeys, require a captcha.",
  check_unavailable:
    "Find the check in the log: `limiter_failed`, `captcha_unavailable`, `breach_check_failed`, `common_passwords_not_loaded` or " +
    "`password_verifier_failed`. If it lasts, take it out of [`FAIL_CLOSED`](limits.md#when-a-check-does-not-respond).",
  messages_unavailable:
    "Look at the queue in Cloudflare's dashboard, and for `message_not_queued` in the log. `npm run doctor -- --env NAME` " +
    "finds a missing queue.",
  storage_unavailable:
    "Nothing, if it is rare: D1 restarts. If it lasts, look at [Cloudflare's status](https://www.cloudflarestatus.com) and at " +
    "the [load of the database](scale.md#what-to-watch).",
  database_not_migrated: "`npm run deploy -- --env NAME`, which applies the migrations first.",
  not_ready: "See [503 `not_ready`](#503-not_ready).",
  invalid_grant:
    "Nothing, if it is rare. If every sign-in of a client fails, its clock or its `redirect_uri` is wrong.",
  unknown_client: "`npm run clients -- list` with `--env NAME`. The client may be in another environment.",
  invalid_redirect_uri:
    "`npm run clients -- update CLIENT_ID --redirect-uri URI`, exactly as the client sends it, once for each of its URIs.",
  invalid_client_metadata: APP,
  unauthorized_client: "`npm run clients -- update CLIENT_ID --grant GRANT`, once for each, if the client may use it.",
  invalid_target: "Add the API to `OAUTH_RESOURCES`, spelled as the client sends it.",
  authorization_pending: NORMAL,
  slow_down: NORMAL,
  access_denied: NORMAL,
  expired_token: NORMAL,
  invalid_scope: "Add the scope to `OAUTH_SCOPES`, and to the client.",
  invalid_client:
    "Give the client a new secret: `npm run clients -- rotate-secret CLIENT_ID`. After a rotation of `PEPPER`, every secret needs it.",
  registration_disabled: "Create the client with `npm run clients`, or set `OAUTH_DCR` or `OAUTH_CIMD` to `on`.",
  insufficient_scope: APP,
  too_many_clients: "Delete clients that nobody uses: `npm run clients -- list`. At most 1000 are yours.",
  second_factor_required: NORMAL,
  enrollment_required: "Nothing: `MFA_POLICY` requires a second factor, and the user adds it now.",
  other_browser: NORMAL,
  invalid_state:
    "Nothing, if it is rare. If every sign-in at a provider fails, cookies are lost on the way: see " +
    "[cookies do not stick](#cookies-do-not-stick).",
  identity_exists: NORMAL,
  provider_refused:
    "Find `provider_refused` in the log. Its `reason` says [what to do](operations.md#sign-ins-that-failed-at-a-provider): most " +
    "often, a client secret has expired.",
  provider_denied: NORMAL,
  provider_not_asked: NORMAL,
  provider_unavailable: "Find `provider_unavailable` in the log. If it lasts, look at the status of the provider.",
};

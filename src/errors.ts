import { oauthErrors } from "./errors/oauth.ts";
import { signInErrors } from "./errors/sign-in.ts";

/**
 * Every error code that a caller can receive, with its HTTP status and its texts in English.
 *
 * Codes are part of the API: a code keeps its meaning and its status. `/docs/errors` shows this
 * list. The hosted pages have their own texts in `locales`.
 */
interface PublicError {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 422 | 429 | 500 | 503;
  /** Default: the code in words. */
  title?: string;
  detail: string;
}

export const errors = {
  malformed_body: {
    status: 400,
    detail:
      "The body must be JSON in UTF-8 (or a form where one is accepted), name each field once, and contain no NUL or lone surrogates.",
  },
  invalid_token: {
    status: 400,
    detail: "The link was used, was replaced by a newer one, or has expired. Request a new link.",
  },
  invalid_code: {
    status: 400,
    detail:
      "The code is wrong, was used, was replaced by a newer one, was tried too often, or has expired. Send the current code, or request a new one.",
  },
  invalid_passkey: {
    status: 400,
    detail:
      "The response of the authenticator is malformed, for other options, for another origin, or too late. Request new options and ask the browser again.",
  },
  invalid_end_user_ip: {
    status: 400,
    title: "Invalid end user",
    detail: "`Gatehouse-End-User-IP` must be one IPv4 or IPv6 address, without a port.",
  },
  unsupported_grant_type: {
    status: 400,
    detail: "The endpoint does not have this `grant_type`.",
  },
  invalid_login_token: {
    status: 401,
    detail: "The login token is invalid or expired, or a credential changed since it was issued. Sign in again.",
  },
  unauthenticated: {
    status: 401,
    title: "Access token required",
    detail: "Send a valid access token as `Authorization: Bearer …`.",
  },
  invalid_credentials: {
    status: 401,
    detail: "The identifier or the password is incorrect.",
  },
  invalid_refresh_token: {
    status: 401,
    detail: "The refresh token is missing, invalid or expired, or its session has ended. Sign in again.",
  },
  invalid_api_key: {
    status: 401,
    title: "Invalid API key",
    detail: "The API key is unknown, was revoked or has expired, or its owner may not sign in. Create a new one.",
  },
  refresh_token_reused: {
    status: 401,
    detail: "The refresh token was used before, so it may be stolen. Its session has been revoked. Sign in again.",
  },
  reauthentication_required: {
    status: 401,
    title: "Re-authentication required",
    detail:
      "The user authenticated too long ago for this request, or with too few factors. Send the password, or call `POST /users/me/reauthenticate` first.",
  },
  account_disabled: {
    status: 403,
    detail: "This account is disabled.",
  },
  verification_required: {
    status: 403,
    detail: "Verify an address of this account first, with the code that was sent to it.",
  },
  captcha_required: {
    status: 403,
    detail:
      "The `turnstile_token` is missing, was used, has expired, or is for another host or action. Show Turnstile's widget with the `action` of this request and send its new token.",
  },
  forbidden: {
    status: 403,
    detail: "The user may not do this: a role is missing, or the act needs an owner.",
  },
  origin_not_allowed: {
    status: 403,
    detail: "The request comes from a page that the service does not accept, or uses the cookie without an `Origin`.",
  },
  invalid_backend_secret: {
    status: 403,
    detail: "`Gatehouse-End-User-IP` requires a `Gatehouse-Backend-Secret` that is a value of `BACKEND_SECRET`.",
  },
  not_found: {
    status: 404,
    detail: "The requested resource does not exist.",
  },
  method_not_allowed: {
    status: 405,
    detail: "This URL does not support the method. The `Allow` header lists the methods that it supports.",
  },
  email_taken: {
    status: 409,
    title: "Email address taken",
    detail: "Another account has this email address.",
  },
  username_taken: {
    status: 409,
    detail: "Another account has this username.",
  },
  passkey_exists: {
    status: 409,
    detail: "This passkey belongs to an account already, or the account has too many. Remove one first.",
  },
  last_credential: {
    status: 409,
    title: "Last way to sign in",
    detail: "Nothing else signs the user in. Set a password, add a passkey or link an identity first.",
  },
  factor_required: {
    status: 409,
    title: "Second factor required",
    detail: "This account must have a second factor. Add another one first.",
  },
  too_many_api_keys: {
    status: 409,
    title: "Too many API keys",
    detail: "There are 50 API keys already. Revoke one first.",
  },
  totp_exists: {
    status: 409,
    title: "Authenticator app exists",
    detail: "The account has an authenticator app. Remove it before you add another one.",
  },
  phone_taken: {
    status: 409,
    title: "Phone number taken",
    detail: "Another account has this phone number.",
  },
  last_address: {
    status: 409,
    detail: "The account would have no verified address left. Verify or add another address first.",
  },
  body_too_large: {
    status: 413,
    detail: "The body must be at most 16 KiB.",
  },
  unsupported_media_type: {
    status: 415,
    detail:
      "Send the body as `application/json` in UTF-8. `POST /auth/login` and `POST /auth/refresh` also accept a URL-encoded form.",
  },
  misdirected_request: {
    status: 421,
    detail:
      "The service does not answer at this scheme and host. It answers at `ISSUER`, and at the hosts in `ALLOWED_HOSTS`.",
  },
  invalid_request: {
    status: 422,
    detail: "Some fields are missing, unknown or invalid; `errors` lists them.",
  },
  too_many_requests: {
    status: 429,
    detail: "Too many requests came from this network address or session. Try again after `Retry-After` seconds.",
  },
  too_many_attempts: {
    status: 429,
    detail:
      "Too many incorrect passwords or codes in a row for this account. Try again after `Retry-After` seconds, or reset the password with a link by email.",
  },
  internal_error: {
    status: 500,
    detail: "The service failed. The failure has been logged.",
  },
  misconfigured: {
    status: 500,
    detail: "Some settings are missing or invalid; `errors` lists them and says how to fix them.",
  },
  overloaded: {
    status: 503,
    detail: "Too many passwords are being hashed. Try again in a moment.",
  },
  check_unavailable: {
    status: 503,
    detail:
      "A check that this service requires (rate limits, captcha, breached or imported passwords) does not answer. Nothing was changed. Try again in a moment.",
  },
  messages_unavailable: {
    status: 503,
    detail: "The message cannot be sent right now. Try again in a moment.",
  },
  storage_unavailable: {
    status: 503,
    detail: "The storage of the service does not respond. Try again in a moment.",
  },
  database_not_migrated: {
    status: 503,
    detail: "The database is not migrated. Run `npm run deploy`, or `npm start` for a local one.",
  },
  not_ready: {
    status: 503,
    detail: "Parts of this deployment are missing; `errors` lists them and says how to fix them.",
  },
  ...oauthErrors,
  ...signInErrors,
} satisfies Record<string, PublicError>;

export type ErrorCode = keyof typeof errors;

export function titleOf(code: ErrorCode): string {
  const { title = code.replaceAll("_", " ") }: PublicError = errors[code];
  return title.charAt(0).toUpperCase() + title.slice(1);
}

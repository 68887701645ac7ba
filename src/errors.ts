interface PublicError {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  title: string;
  detail: string;
}

/** Every error that a client can meet. A code is a promise: it never changes its meaning. */
export const errors = {
  malformed_body: {
    status: 400,
    title: "Malformed body",
    detail:
      "The body cannot be read: it has to be UTF-8, well-formed, name each field once, and hold neither NUL nor lone surrogates.",
  },
  invalid_token: {
    status: 400,
    title: "Invalid token",
    detail: "The link is no longer good: it was used, replaced by a newer one, or has expired. Ask for another one.",
  },
  invalid_code: {
    status: 400,
    title: "Invalid code",
    detail:
      "The code is wrong, was used, replaced by a newer one, has expired, or was tried too often. Ask for another one.",
  },
  unauthenticated: {
    status: 401,
    title: "Access token needed",
    detail: "Send a valid access token as `Authorization: Bearer …`.",
  },
  invalid_credentials: {
    status: 401,
    title: "Invalid credentials",
    detail: "The identifier or the password is wrong.",
  },
  invalid_refresh_token: {
    status: 401,
    title: "Invalid refresh token",
    detail: "The refresh token is missing, expired, not one of this service, or its session has ended: log in again.",
  },
  refresh_token_reused: {
    status: 401,
    title: "Refresh token reused",
    detail:
      "This refresh token was used before, so it or its successor may be stolen. Its session has been ended: log in again.",
  },
  reauthentication_required: {
    status: 401,
    title: "Re-authentication required",
    detail:
      "The session was authenticated too long ago for this. Send the password, or call `POST /users/me/reauthenticate` first.",
  },
  account_disabled: {
    status: 403,
    title: "Account disabled",
    detail: "This account has been disabled.",
  },
  second_factor_required: {
    status: 403,
    title: "Second factor required",
    detail: "The account has a second factor, which has to be proven too.",
  },
  verification_required: {
    status: 403,
    title: "Verification required",
    detail: "Verify an address of this account first, by the code that was sent to it.",
  },
  captcha_required: {
    status: 403,
    title: "Captcha required",
    detail:
      "Show Turnstile's widget and send what it gives as `turnstile_token`. What was sent is missing, used or too old.",
  },
  origin_not_allowed: {
    status: 403,
    title: "Origin not allowed",
    detail: "A request with the cookie has to bear an `Origin` that is in `ALLOWED_ORIGINS`.",
  },
  not_found: {
    status: 404,
    title: "Not found",
    detail: "There is nothing at this address.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    detail: "This address does not answer this method; `Allow` names the ones that it does.",
  },
  email_taken: {
    status: 409,
    title: "E-mail address taken",
    detail: "Another account has this e-mail address.",
  },
  username_taken: {
    status: 409,
    title: "Username taken",
    detail: "Another account has this username.",
  },
  phone_taken: {
    status: 409,
    title: "Phone number taken",
    detail: "Another account has this phone number.",
  },
  body_too_large: {
    status: 413,
    title: "Body too large",
    detail: "A body may hold at most 16 KiB.",
  },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    detail: "Send the body as `application/json` in UTF-8 (a login may also be a URL-encoded form).",
  },
  invalid_request: {
    status: 422,
    title: "Invalid request",
    detail: "Some fields are missing, unknown or invalid; `errors` names them.",
  },
  too_many_requests: {
    status: 429,
    title: "Too many requests",
    detail: "Too many requests came from this address. Try again after the seconds that `Retry-After` says.",
  },
  too_many_attempts: {
    status: 429,
    title: "Too many attempts",
    detail:
      "Too many passwords or codes in a row were wrong for this account. Try again after the seconds that `Retry-After` says, or set a new password by a mailed link.",
  },
  internal_error: {
    status: 500,
    title: "Internal error",
    detail: "The service failed. The failure has been logged.",
  },
  misconfigured: {
    status: 500,
    title: "Misconfigured",
    detail: "The service lacks settings; `errors` names them with the way to mend them.",
  },
  overloaded: {
    status: 503,
    title: "Overloaded",
    detail: "Too many passwords are being hashed. Try again in a moment.",
  },
  messages_unavailable: {
    status: 503,
    title: "Messages unavailable",
    detail: "The message cannot be sent right now. Try again in a moment.",
  },
  storage_unavailable: {
    status: 503,
    title: "Storage unavailable",
    detail: "The database does not answer. Try again in a moment.",
  },
} satisfies Record<string, PublicError>;

export type ErrorCode = keyof typeof errors;

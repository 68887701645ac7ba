/** Renders failures as a token endpoint does (RFC 6749 §5.2). */
import type { Context } from "hono";
import { type ErrorCode, errors } from "../errors.ts";
import type { Err } from "../result.ts";
import type { OAuthError } from "../schemas/oauth-error.ts";
import { applyErrorHeaders } from "./problem.ts";

/** The errors of RFC 6749, which have the status 400. */
const GRANT_ERRORS: Partial<Record<ErrorCode, OAuthError["error"]>> = {
  invalid_credentials: "invalid_grant",
  invalid_refresh_token: "invalid_grant",
  refresh_token_reused: "invalid_grant",
  account_disabled: "invalid_grant",
  verification_required: "invalid_grant",
  // A parameter is missing.
  captcha_required: "invalid_request",
  invalid_request: "invalid_request",
  invalid_grant: "invalid_grant",
  malformed_body: "invalid_request",
  unauthorized_client: "unauthorized_client",
  invalid_target: "invalid_target",
  invalid_redirect_uri: "invalid_redirect_uri",
  invalid_client_metadata: "invalid_client_metadata",
  invalid_scope: "invalid_scope",
  authorization_pending: "authorization_pending",
  slow_down: "slow_down",
  access_denied: "access_denied",
  expired_token: "expired_token",
  unsupported_grant_type: "unsupported_grant_type",
  // The grant `password` of a service without passwords.
  not_found: "unsupported_grant_type",
};

/** Other failures keep their status, which says when to try again, or that the page is refused. */
function errorOf(code: ErrorCode): OAuthError["error"] {
  if (code === "invalid_client" || code === "insufficient_scope") return code;
  // RFC 6750 §3.1.
  if (code === "unauthenticated") return "invalid_token";
  // Auth0's name for it, which clients know. No RFC has one.
  if (code === "second_factor_required") return "mfa_required";
  // OpenID Connect's name for a step that needs the user; Microsoft's token endpoint uses it for
  // this. After `mfa_required` a client would ask for a code, which the user does not have.
  if (code === "enrollment_required") return "interaction_required";
  const { status } = errors[code];
  if (status === 429 || status === 503) return "temporarily_unavailable";
  if (status === 500) return "server_error";
  return status === 403 ? "unauthorized_client" : "invalid_request";
}

/** `code` is that of the problem: it is more precise than `error`. */
export function oauthError(c: Context, failure: Err): Response {
  const { code, errors: fields, secondFactor } = failure;
  const grantError = GRANT_ERRORS[code];
  const { detail, status } = { ...errors[code], ...(grantError && { status: 400 as const }), ...failure };
  applyErrorHeaders(c, failure, status);
  const text = fields?.map(({ path, message }) => `${path}: ${message}`).join(" ") ?? detail;
  const body: OAuthError = {
    error: grantError ?? errorOf(code),
    // RFC 6749 excludes quotes and everything beyond ASCII.
    error_description: text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'"),
    code,
    ...secondFactor,
  };
  return c.json(body, status);
}

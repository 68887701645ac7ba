import * as z from "zod/mini";
import { Problem } from "./problem.ts";

/** The body of an error response to a form (RFC 6749 §5.2). */
export const OAuthError = z.object({
  error: z.enum([
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_target",
    "invalid_redirect_uri",
    "invalid_client_metadata",
    "invalid_scope",
    "authorization_pending",
    "slow_down",
    "access_denied",
    "expired_token",
    "invalid_token",
    "insufficient_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "mfa_required",
    "interaction_required",
    "temporarily_unavailable",
    "server_error",
  ]),
  error_description: z.string(),
  /** More precise than `error`. */
  code: Problem.shape.code,
  login_token: Problem.shape.login_token,
  factors: Problem.shape.factors,
});
export type OAuthError = z.infer<typeof OAuthError>;

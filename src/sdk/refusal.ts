import type { Requirements } from "./options.ts";

/**
 * Why a request is refused: `unauthenticated` (no valid token), `insufficient_scope` (a role is
 * missing), `insufficient_user_authentication` (the user must prove a credential again, or a second
 * factor), or `unavailable` (the token cannot be checked now).
 */
export type RefusalCode = "unauthenticated" | "insufficient_scope" | "insufficient_user_authentication" | "unavailable";

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** The response to send: a problem (RFC 9457) with its challenge (RFC 6750 §3, RFC 9470 §3). */
  response: Response;
}

const RETRY_AFTER_SECONDS = 5;
const REALM = 'Bearer realm="gatehouse"';

export const missingToken = () =>
  refuse("unauthenticated", 401, "Access token required", { "WWW-Authenticate": REALM });

export const invalidToken = () =>
  refuse("unauthenticated", 401, "Invalid access token", { "WWW-Authenticate": `${REALM}, error="invalid_token"` });

export const missingRole = () =>
  refuse("insufficient_scope", 403, "Role required", { "WWW-Authenticate": `${REALM}, error="insufficient_scope"` });

/** Names everything that the request requires, so that one re-authentication is enough. */
export const insufficientUserAuthentication = ({ acr, maxAuthAge }: Pick<Requirements, "acr" | "maxAuthAge">) => {
  const level = acr === undefined ? "" : `, acr_values="${acr}"`;
  const age = maxAuthAge === undefined ? "" : `, max_age="${maxAuthAge}"`;
  return refuse("insufficient_user_authentication", 401, "Re-authentication required", {
    "WWW-Authenticate": `${REALM}, error="insufficient_user_authentication"${level}${age}`,
  });
};

export const unavailable = () =>
  refuse("unavailable", 503, "Authentication unavailable", { "Retry-After": String(RETRY_AFTER_SECONDS) });

function refuse(code: RefusalCode, status: number, title: string, headers: Record<string, string>): Refusal {
  const body = JSON.stringify({ type: "about:blank", title, status, code });
  const more = { "Content-Type": "application/problem+json", "Cache-Control": "no-store" };
  return { ok: false, code, response: new Response(body, { status, headers: { ...more, ...headers } }) };
}

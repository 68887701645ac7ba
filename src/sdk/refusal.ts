import type { AuthOptions } from "./options.ts";
import { metadataUrl } from "./resource-url.ts";

/**
 * Why a request is refused: `unauthenticated` (no valid token), `insufficient_scope` (a scope or a
 * role is missing), `insufficient_user_authentication` (the user must prove a credential again, or
 * a second factor), or `unavailable` (the token cannot be checked now).
 */
export type RefusalCode = "unauthenticated" | "insufficient_scope" | "insufficient_user_authentication" | "unavailable";

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** The response to send: a problem (RFC 9457) with its challenge (RFC 6750 §3, RFC 9470 §3). */
  response: Response;
}

const RETRY_AFTER_SECONDS = 5;

type Required = Pick<AuthOptions, "resource" | "scopes" | "acr" | "maxAuthAge">;

export const missingToken = (required: Required) =>
  refuse("unauthenticated", 401, "Access token required", challenge(required));

export const invalidToken = (required: Required) =>
  refuse("unauthenticated", 401, "Invalid access token", challenge(required, "invalid_token"));

/** Names every scope of the request, because the next token has the named ones only. */
export const missingScope = (required: Required) =>
  refuse("insufficient_scope", 403, "Scope required", challenge(required, "insufficient_scope"));

/** A client of a `resource` gets no challenge: authorizing again would not add a role. */
export const missingRole = (required: Required) =>
  refuse(
    "insufficient_scope",
    403,
    "Role required",
    required.resource === undefined ? challenge({}, "insufficient_scope") : {},
  );

/** Names everything that the request requires, so that one re-authentication is enough. */
export const insufficientUserAuthentication = ({ acr, maxAuthAge, ...required }: Required) =>
  refuse(
    "insufficient_user_authentication",
    401,
    "Re-authentication required",
    challenge(required, "insufficient_user_authentication", { acr_values: acr, max_age: maxAuthAge }),
  );

export const unavailable = (more: Record<string, string> = {}) =>
  refuse("unavailable", 503, "Authentication unavailable", { "Retry-After": String(RETRY_AFTER_SECONDS), ...more });

/** The challenge of a refusal. `resource` and `scopes` tell an OAuth client how to get a token. */
function challenge({ resource, scopes }: Required, error?: string, more: object = {}): Record<string, string> {
  const parameters = {
    realm: "gatehouse",
    error,
    ...more,
    resource_metadata: resource && metadataUrl(resource),
    scope: scopes?.join(" "),
  };
  const said = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return { "WWW-Authenticate": `Bearer ${said.map(([name, value]) => `${name}="${value}"`).join(", ")}` };
}

function refuse(code: RefusalCode, status: number, title: string, headers: Record<string, string>): Refusal {
  const body = JSON.stringify({ type: "about:blank", title, status, code });
  const more = { "Content-Type": "application/problem+json", "Cache-Control": "no-store" };
  return { ok: false, code, response: new Response(body, { status, headers: { ...more, ...headers } }) };
}

/** What is wrong with a request: `unauthenticated` (no token, or no good one), `insufficient_scope` (a role is missing),
 *  `insufficient_user_authentication` (the password has to be given again), `unavailable` (nobody can tell). */
export type RefusalCode = "unauthenticated" | "insufficient_scope" | "insufficient_user_authentication" | "unavailable";

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** To be given to the client: a problem (RFC 9457) with the challenge that belongs to it (RFC 6750 §3, RFC 9470 §3). */
  response: Response;
}

const RETRY_AFTER_SECONDS = 5;
const REALM = 'Bearer realm="gatehouse"';

export const missingToken = () => refuse("unauthenticated", 401, "Access token needed", { "WWW-Authenticate": REALM });

export const invalidToken = () =>
  refuse("unauthenticated", 401, "Access token not valid", { "WWW-Authenticate": `${REALM}, error="invalid_token"` });

export const missingRole = () =>
  refuse("insufficient_scope", 403, "Role needed", { "WWW-Authenticate": `${REALM}, error="insufficient_scope"` });

/** `maxAge` in seconds. */
export const insufficientUserAuthentication = (maxAge: number) =>
  refuse("insufficient_user_authentication", 401, "More recent login needed", {
    "WWW-Authenticate": `${REALM}, error="insufficient_user_authentication", max_age="${maxAge}"`,
  });

export const unavailable = () =>
  refuse("unavailable", 503, "Authentication unavailable", { "Retry-After": String(RETRY_AFTER_SECONDS) });

function refuse(code: RefusalCode, status: number, title: string, headers: Record<string, string>): Refusal {
  const body = JSON.stringify({ type: "about:blank", title, status, code });
  const more = { "Content-Type": "application/problem+json", "Cache-Control": "no-store" };
  return { ok: false, code, response: new Response(body, { status, headers: { ...more, ...headers } }) };
}

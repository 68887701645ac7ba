/** Renders failures as problems (RFC 9457) and sets the headers that belong to an error. */
import type { Context } from "hono";
import type { Deps } from "../deps.ts";
import { errors, titleOf } from "../errors.ts";
import type { Err } from "../result.ts";
import type { Problem } from "../schemas/problem.ts";

/** The default Retry-After by status. For 429 it is the period of the limits in wrangler.toml. */
const RETRY_AFTER_SECONDS = { 503: 5, 429: 60 };

/** Renders a failure as `application/problem+json` (RFC 9457). */
export function problem(c: Context, failure: Err): Response {
  const { code, errors: fields, secondFactor, otp } = failure;
  const { status, detail } = { ...applyErrorHeaders(c, failure), ...failure };
  const deps: Deps | undefined = c.get("deps");
  const type = new URL(`/docs/errors#${code}`, deps?.config.ISSUER ?? c.req.url).href;
  const body: Problem = {
    type,
    title: titleOf(code),
    status,
    detail,
    code,
    ...(fields && { errors: fields }),
    ...secondFactor,
    ...(otp && { otp }),
  };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

/** Sets the headers of a failure, for every format, and records its code for the log. */
export function applyErrorHeaders(c: Context, failure: Err, status: number = errors[failure.code].status) {
  const { code } = failure;
  c.set("code", code);
  if (status === 401 || code === "insufficient_scope") c.header("WWW-Authenticate", challenge(c, failure));
  const retryAfter = retryAfterSeconds(failure);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return errors[code];
}

/** Returns the wait before the next attempt, in seconds, or undefined if a retry cannot help. */
export function retryAfterSeconds({ code, retryAfterSeconds }: Err): number | undefined {
  const { status } = errors[code];
  if (status !== 503 && status !== 429) return undefined;
  return retryAfterSeconds ?? RETRY_AFTER_SECONDS[status];
}

/**
 * Returns the WWW-Authenticate challenge, which RFC 9110 §11.6.1 requires with each 401. It
 * names an error if a token was rejected (RFC 6750 §3.1) or the user must authenticate again
 * (RFC 9470 §3). A client authenticates by Basic (RFC 6749 §5.2).
 */
function challenge(c: Context, { code, acr, scope }: Err): string {
  if (code === "invalid_client") return 'Basic realm="gatehouse"';
  const challenge = 'Bearer realm="gatehouse"';
  if (code === "insufficient_scope") return `${challenge}, error="insufficient_scope", scope="${scope}"`;
  if (code === "reauthentication_required") {
    const deps: Deps = c.get("deps");
    const level = acr ? `, acr_values="${acr}"` : "";
    return `${challenge}, error="insufficient_user_authentication"${level}, max_age="${deps.config.REAUTHENTICATION_SECONDS}"`;
  }
  const isRefused = code === "unauthenticated" && Boolean(c.req.header("authorization"));
  return isRefused ? `${challenge}, error="invalid_token"` : challenge;
}

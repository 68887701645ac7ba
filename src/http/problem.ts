import type { Context } from "hono";
import type { Deps } from "../deps.ts";
import { errors } from "../errors.ts";
import type { Err } from "../result.ts";
import type { Problem } from "../schemas/problem.ts";

/** The length of a short outage, and the period of the rate limits in wrangler.toml. */
const RETRY_AFTER_SECONDS = { 503: 5, 429: 60 };

/** Renders a failure as `application/problem+json` (RFC 9457). */
export function problem(c: Context, failure: Err): Response {
  const { code, errors: fields } = failure;
  const { status, title, detail } = applyErrorHeaders(c, failure);
  const deps: Deps | undefined = c.get("deps");
  const type = new URL(`/docs/errors#${code}`, deps?.config.ISSUER ?? c.req.url).href;
  const body: Problem = { type, title, status, detail, code, ...(fields && { errors: fields }) };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

/** Sets the headers that go with a failure and its code for the log, however it is rendered. */
export function applyErrorHeaders(c: Context, failure: Err) {
  const { code } = failure;
  c.set("code", code);
  if (errors[code].status === 401) c.header("WWW-Authenticate", bearerChallenge(c, failure));
  const retryAfter = retryAfterSeconds(failure);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return errors[code];
}

/** Returns when it is worth trying again, if that can help. */
export function retryAfterSeconds({ code, retryAfterSeconds }: Err): number | undefined {
  const { status } = errors[code];
  if (status !== 503 && status !== 429) return undefined;
  return retryAfterSeconds ?? RETRY_AFTER_SECONDS[status];
}

/**
 * RFC 9110 §11.6.1 requires a challenge with each 401. RFC 6750 §3.1 names an error if a token was
 * sent and refused, RFC 9470 §3 if the user has to authenticate again.
 */
function bearerChallenge(c: Context, { code }: Err): string {
  const challenge = 'Bearer realm="gatehouse"';
  if (code === "reauthentication_required") {
    const deps: Deps = c.get("deps");
    return `${challenge}, error="insufficient_user_authentication", max_age="${deps.config.REAUTHENTICATION_SECONDS}"`;
  }
  const isRefused = code === "unauthenticated" && Boolean(c.req.header("authorization"));
  return isRefused ? `${challenge}, error="invalid_token"` : challenge;
}

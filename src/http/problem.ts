import type { Context } from "hono";
import type { Deps } from "../deps.ts";
import { errors } from "../errors.ts";
import type { Err } from "../result.ts";
import type { Problem } from "../schemas/problem.ts";

/** What an outage may take, and the period of the limits in wrangler.toml. */
const RETRY_AFTER_SECONDS = { 503: 5, 429: 60 };

/** Answers a failure as `application/problem+json` (RFC 9457): the one place that does. */
export function problem(c: Context, failure: Err): Response {
  const { code, errors: fields } = failure;
  const { status, title, detail } = applyErrorHeaders(c, failure);
  const deps: Deps | undefined = c.get("deps");
  const type = new URL(`/docs/errors#${code}`, deps?.config.ISSUER ?? c.req.url).href;
  const body: Problem = { type, title, status, detail, code, ...(fields && { errors: fields }) };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

/** Gives the log the code of a failure, and the answer the headers that go with it, as a problem and as a page alike. */
export function applyErrorHeaders(c: Context, { code, retryAfterSeconds }: Err) {
  c.set("code", code);
  const { status } = errors[code];
  // RFC 9110 §11.6.1 wants a challenge on each 401; RFC 6750 §3.1 a word when a token was sent and is no good.
  if (status === 401) {
    const refused = code === "unauthenticated" && Boolean(c.req.header("authorization"));
    c.header("WWW-Authenticate", `Bearer realm="gatehouse"${refused ? ', error="invalid_token"' : ""}`);
  }
  if (status === 503 || status === 429) {
    c.header("Retry-After", String(retryAfterSeconds ?? RETRY_AFTER_SECONDS[status]));
  }
  return errors[code];
}

/**
 * The responses of handlers: the result of an act as JSON, or a failure.
 *
 * A handler never renders a failure itself. The entry point sets `renderFailure`, so that the same
 * failure is a JSON problem in the API and an HTML page on the hosted pages.
 */
import type { Context } from "hono";
import type { Err, Result } from "../result.ts";
import type { AppEnv } from "./app-env.ts";

/** Responds with a failure, rendered by the entry point. */
export function fail(c: Context, failure: Err): Response | Promise<Response> {
  const render: AppEnv["Variables"]["renderFailure"] = c.get("renderFailure");
  return render(c, failure);
}

/** Responds with the result of an act: its value as JSON, or no body for 202 and 204. */
export function answer<E extends AppEnv, T>(
  c: Context<E>,
  result: Result<T>,
  status: 200 | 201 | 202 | 204 = 200,
): Response | Promise<Response> {
  if (!result.ok) return fail(c, result);
  return status === 202 || status === 204 ? c.body(null, status) : c.json(result.value as object, status);
}

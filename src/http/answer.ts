import type { Context } from "hono";
import type { Err, Result } from "../result.ts";
import type { AppEnv } from "./app-env.ts";

/** Answers a failure as the entry point renders it. */
export function fail(c: Context, failure: Err): Response | Promise<Response> {
  const render: AppEnv["Variables"]["renderFailure"] = c.get("renderFailure");
  return render(c, failure);
}

/** Answers the result of an act: its value as JSON, or no body with 202 and 204. */
export function answer<E extends AppEnv, T>(
  c: Context<E>,
  result: Result<T>,
  status: 200 | 201 | 202 | 204 = 200,
): Response | Promise<Response> {
  if (!result.ok) return fail(c, result);
  return status === 202 || status === 204 ? c.body(null, status) : c.json(result.value as object, status);
}

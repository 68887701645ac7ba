import type { Context } from "hono";
import { err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Responds with a file of `public`, optionally with its own Content-Security-Policy. Errors:
 * `not_found`.
 */
export async function asset(c: Context<AppEnv>, path: string, policy?: string): Promise<Response> {
  const found = await c.env.ASSETS.fetch(new Request(new URL(path, c.req.url), c.req.raw));
  if (found.status === 404) return fail(c, err("not_found"));

  if (policy) c.header("Content-Security-Policy", policy);
  return c.newResponse(found.body, found);
}

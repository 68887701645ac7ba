import type { Context } from "hono";
import { err } from "../result.ts";
import { fail } from "./answer.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Responds with a file of `public`, optionally with its own Content-Security-Policy. If there is
 * none, with the nearest `404.html`. Errors: `not_found`, without such a page.
 */
export async function asset(c: Context<AppEnv>, path: string, policy?: string): Promise<Response> {
  const found = await c.env.ASSETS.fetch(new Request(new URL(path, c.req.url), c.req.raw));
  const type = found.headers.get("content-type");
  if (found.status === 404 && !type) return fail(c, err("not_found"));

  if (policy) c.header("Content-Security-Policy", policy);
  // `_headers` would let browsers keep the page for a missing file as long as the file.
  const isMissing = found.status === 404 && type !== null;
  return c.newResponse(found.body, isMissing ? { status: 404, headers: { "Content-Type": type } } : found);
}

import type { Context, MiddlewareHandler } from "hono";
import type { AccessClaims } from "../crypto/access-token.ts";
import { type AuthOptions, createAuthenticator } from "./authenticate.ts";
import type { WaitUntil } from "./key-cache.ts";

/** Hono middleware: lets a request with a good access token through, its claims as `c.var.auth`, and answers any other.
 *  Throws a TypeError at once when something is amiss with the options. */
export function requireAuth(options: AuthOptions): MiddlewareHandler<{ Variables: { auth: AccessClaims } }> {
  const check = createAuthenticator(options);
  return async (c, next) => {
    const outcome = await check(c.req.raw, waitUntilOf(c));
    if (!outcome.ok) return outcome.response;
    c.set("auth", outcome.claims);
    await next();
  };
}

/** Hono throws where there is no Worker's context. */
function waitUntilOf(c: Context): WaitUntil | undefined {
  try {
    const { executionCtx } = c;
    return (work) => executionCtx.waitUntil(work);
  } catch {
    return undefined;
  }
}

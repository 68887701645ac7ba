import type { Context, MiddlewareHandler } from "hono";
import type { AccessClaims } from "../contract/claims.ts";
import { createAuthenticator } from "./authenticate.ts";
import type { WaitUntil } from "./key-cache.ts";
import type { AuthOptions } from "./options.ts";

/**
 * Creates Hono middleware that requires a valid access token and sets its claims as `c.var.auth`.
 *
 * Any other request gets the response of a `Refusal`. Throws a `TypeError` immediately if an
 * option is misspelled, undefined or invalid.
 */
export function requireAuth(options: AuthOptions): MiddlewareHandler<{ Variables: { auth: AccessClaims } }> {
  const check = createAuthenticator(options);
  return async (c, next) => {
    const outcome = await check(c.req.raw, waitUntilOf(c));
    if (!outcome.ok) return outcome.response;
    c.set("auth", outcome.claims);
    await next();
  };
}

/** Returns undefined if there is no execution context: Hono throws in that case. */
function waitUntilOf(c: Context): WaitUntil | undefined {
  try {
    const { executionCtx } = c;
    return (work) => executionCtx.waitUntil(work);
  } catch {
    return undefined;
  }
}

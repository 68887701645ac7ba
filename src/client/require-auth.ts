import type { MiddlewareHandler } from "hono";
import type { AccessClaims } from "../crypto/tokens.ts";
import { type AuthOptions, createAuthenticator } from "./authenticate.ts";

/** Hono middleware: lets a request with a good access token through, its claims as `c.var.auth`, and answers any other.
 *  Throws a TypeError at once when the options cannot be met. */
export function requireAuth(options: AuthOptions): MiddlewareHandler<{ Variables: { auth: AccessClaims } }> {
  const check = createAuthenticator(options);
  return async (c, next) => {
    const behind = (work: Promise<unknown>) => {
      // Outside of Workers there is no context, and nothing to keep alive.
      try {
        c.executionCtx.waitUntil(work);
      } catch {}
    };
    const outcome = await check(c.req.raw, behind);
    if (!outcome.ok) return outcome.response;
    c.set("auth", outcome.claims);
    await next();
  };
}

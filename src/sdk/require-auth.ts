import type { MiddlewareHandler } from "hono";
import type { AccessClaims } from "../contract/claims.ts";
import { createAuthenticator } from "./authenticate.ts";
import { perBindings, waitUntilOf } from "./bindings.ts";
import type { AuthOptions } from "./options.ts";

/** What `requireAuth` sets: the claims of the access token, as `c.var.auth`. */
export interface AuthVariables {
  auth: AccessClaims;
}

/**
 * Creates Hono middleware that requires a valid access token and sets its claims as `c.var.auth`.
 *
 * Any other request gets the response of a `Refusal`. The options may be a function of the bindings
 * of the Worker (`c.env`), which runs once for each set of bindings. Throws a `TypeError` if an
 * option is misspelled, undefined or invalid: immediately, or with a function at the first request.
 */
export function requireAuth<Bindings extends object = object>(
  options: AuthOptions | ((bindings: Bindings) => AuthOptions),
): MiddlewareHandler<{ Bindings: Bindings; Variables: AuthVariables }> {
  const checkOf = perBindings(options, createAuthenticator);
  return async (c, next) => {
    const outcome = await checkOf(c.env)(c.req.raw, waitUntilOf(c));
    if (!outcome.ok) return outcome.response;
    c.set("auth", outcome.claims);
    await next();
  };
}

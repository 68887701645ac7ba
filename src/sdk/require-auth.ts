import type { Context, MiddlewareHandler } from "hono";
import type { AccessClaims } from "../contract/claims.ts";
import { createAuthenticator } from "./authenticate.ts";
import type { WaitUntil } from "./key-cache.ts";
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
  const checkOf = typeof options === "function" ? oncePerBindings(options) : constant(createAuthenticator(options));
  return async (c, next) => {
    const outcome = await checkOf(c.env)(c.req.raw, waitUntilOf(c));
    if (!outcome.ok) return outcome.response;
    c.set("auth", outcome.claims);
    await next();
  };
}

type Check = ReturnType<typeof createAuthenticator>;

const constant = (check: Check) => () => check;

/** A runtime passes the same object of bindings to every request. */
function oncePerBindings<Bindings extends object>(options: (bindings: Bindings) => AuthOptions) {
  const checks = new WeakMap<Bindings, Check>();
  return (bindings: Bindings): Check => {
    const check = checks.get(bindings) ?? createAuthenticator(options(bindings));
    checks.set(bindings, check);
    return check;
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

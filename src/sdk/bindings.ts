/** What the middleware for Hono takes from the Worker that it runs in. */
import type { Context } from "hono";
import type { WaitUntil } from "./key-cache.ts";

/**
 * Returns a function that creates something from options: once, or if they are a function of the
 * bindings, once for each set of bindings. A runtime passes the same object to every request.
 */
export function perBindings<Options extends object, Bindings extends object, T>(
  options: Options | ((bindings: Bindings) => Options),
  create: (options: Options) => T,
): (bindings: Bindings) => T {
  if (typeof options !== "function") {
    const created = create(options);
    return () => created;
  }
  const known = new WeakMap<Bindings, T>();
  return (bindings) => {
    const created = known.get(bindings) ?? create(options(bindings));
    known.set(bindings, created);
    return created;
  };
}

/** Returns undefined if there is no execution context: Hono throws in that case. */
export function waitUntilOf(c: Context): WaitUntil | undefined {
  try {
    const { executionCtx } = c;
    return (work) => executionCtx.waitUntil(work);
  } catch {
    return undefined;
  }
}

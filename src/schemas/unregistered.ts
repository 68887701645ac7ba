/**
 * A replacement for Zod's registry, which holds what schemas say about themselves (`z.meta`). Only
 * the build of the API reference reads that. See `alias` in wrangler.toml.
 */
export const globalRegistry = { get: () => undefined, add: () => globalRegistry };

export const registry = () => globalRegistry;

const unused = undefined;

export { unused as $input, unused as $output };

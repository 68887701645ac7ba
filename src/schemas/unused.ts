/**
 * An empty replacement for zod's export as JSON Schema, which this service only needs to build the
 * API reference. See `alias` in wrangler.toml.
 */
export const createStandardJSONSchemaMethod = () => undefined;
export const createToJSONSchemaMethod = () => undefined;
export const toJSONSchema = undefined;

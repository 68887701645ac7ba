/**
 * An empty replacement for modules that Resend's SDK imports and this service never runs. See
 * `alias` in wrangler.toml.
 */
export default {};
export class Webhook {}

/** Stands in the bundle for what Resend's SDK imports and sending never reaches (`alias` in wrangler.toml). */
export default {};
export class Webhook {}

/**
 * An empty replacement for the algorithms of encrypted tokens (RFC 7516) in jose. This service
 * neither makes nor reads such tokens. See `alias` in wrangler.toml.
 */
export const JWE = Object.create(null);

const unused = undefined;

export { unused as isJWECEKTransport, unused as jweAlgorithm, unused as jweEncryption };

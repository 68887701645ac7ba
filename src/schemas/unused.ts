/**
 * A replacement for an error class of libphonenumber-js, which is compiled for browsers of 2015.
 * See `alias` in wrangler.toml.
 */
export default class ParseError extends Error {}

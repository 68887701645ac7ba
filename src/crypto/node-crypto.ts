/**
 * Node's `crypto`, loaded at first use. The runtime parses as much code for it as for this whole
 * Worker, so a static import delays the start-up. Signing in, refreshing and verifying tokens need
 * none of it.
 */
export const nodeCrypto = (): typeof import("node:crypto") => process.getBuiltinModule("node:crypto");

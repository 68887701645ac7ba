/** Secrets of OAuth clients. The digests are keyed and fast: a secret has 256 random bits. */
import { hmac } from "./hmac.ts";
import { createSecret } from "./one-time.ts";

/** Scanners recognize a leaked secret by this. */
const PREFIX = "ghcs_";

export const createClientSecret = (): string => PREFIX + createSecret();

/** Returns the digest of a secret, as stored. */
export const digestOfClientSecret = (pepper: string, clientId: string, secret: string): string =>
  hmac(pepper, ["client-secret", clientId, secret]).toString("base64url");

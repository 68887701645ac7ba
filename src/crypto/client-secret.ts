/** Secrets of OAuth clients. The digests are keyed and fast: a secret has 256 random bits. */
import { hmac } from "./hmac.ts";
import { createSecret } from "./one-time.ts";

/** Scanners recognize a leaked secret by this. */
const PREFIX = "ghcs_";

/** Creates a secret of a client, which is shown once, and the digest to store. */
export function createClientSecret(pepper: string, clientId: string): { secret: string; digest: string } {
  const secret = PREFIX + createSecret();
  return { secret, digest: digestOfClientSecret(pepper, clientId, secret) };
}

/** Returns the digest of a secret, as stored. */
export const digestOfClientSecret = (pepper: string, clientId: string, secret: string): string =>
  hmac(pepper, ["client-secret", clientId, secret]).toString("base64url");

/**
 * Secrets of OAuth clients: a prefix, 256 random bits, and a MAC of both for the client. A guess
 * fails at the MAC, so it needs no query. The digests are keyed and fast.
 */
import { hmac, isSame } from "./hmac.ts";
import { createSecret } from "./one-time.ts";

/** Scanners recognize a leaked secret by this. */
const PREFIX = "ghcs_";
const MAC_LENGTH = 22;

/** Creates a secret of a client, which is shown once, and the digest to store. */
export function createClientSecret(pepper: string, clientId: string): { secret: string; digest: string } {
  const random = PREFIX + createSecret();
  const secret = random + macOf(pepper, clientId, random);
  return { secret, digest: digestOf(pepper, clientId, secret) };
}

/**
 * Returns the digests that a secret may have in storage. There are none if this service did not
 * make it for this client.
 */
export const digestsOfClientSecret = (peppers: string[], clientId: string, secret: string): string[] =>
  peppers
    .filter((pepper) => isSame(macOf(pepper, clientId, secret.slice(0, -MAC_LENGTH)), secret.slice(-MAC_LENGTH)))
    .map((pepper) => digestOf(pepper, clientId, secret));

const macOf = (pepper: string, clientId: string, random: string) =>
  hmac(pepper, ["client-secret-mac", clientId, random]).toString("base64url").slice(0, MAC_LENGTH);

const digestOf = (pepper: string, clientId: string, secret: string) =>
  hmac(pepper, ["client-secret", clientId, secret]).toString("base64url");

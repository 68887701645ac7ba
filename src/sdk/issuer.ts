import type { AuthService } from "../contract/auth-service.ts";
import type { RevocationFeed } from "../contract/session.ts";
import type { Issuer } from "./key-cache.ts";

/** Loads the issuer from a binding to the service. */
export async function issuerBehind(auth: Pick<AuthService, "keys">): Promise<Issuer> {
  const outcome = await auth.keys();
  if (!outcome.ok) throw new Error(`The service did not return its keys: ${outcome.code}.`);
  return outcome.value;
}

/**
 * Loads the keys of the issuer at this origin. The audience of its tokens is the issuer itself,
 * which is the default of the service.
 */
export async function issuerAt(issuer: string): Promise<Issuer> {
  const url = `${issuer}/.well-known/jwks.json`;
  // Do not follow redirects: the keys of another host would be trusted.
  const response = await fetch(url, { redirect: "manual", headers: { "Cache-Control": "no-cache" } });
  if (!response.ok) throw new Error(`${url} returned ${response.status}.`);
  const { keys } = (await response.json()) as { keys: object[] };
  return { issuer, audience: issuer, keys };
}

/** Loads a page of the ended sessions from a binding to the service. */
export async function revocationsBehind(
  auth: Partial<Pick<AuthService, "revocations">>,
  since: string | undefined,
): Promise<RevocationFeed> {
  const outcome = await auth.revocations?.({ since });
  if (!outcome?.ok) throw new Error(`The service did not return the ended sessions: ${outcome?.code}.`);
  return outcome.value;
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Tests for https, or http on the local machine. */
export const isSecure = ({ protocol, hostname }: URL) =>
  protocol === "https:" || (protocol === "http:" && LOOPBACK.includes(hostname));

/**
 * Returns the origin of `text`. Throws a `TypeError` if it is not an origin, or if it is not https
 * or loopback: an attacker on the network could forge its keys and read what is sent to it.
 */
export function parseOrigin(text: string): string {
  const url = new URL(text);
  const { origin, href } = url;
  if (!isSecure(url) || href !== `${origin}/`) throw new TypeError(`${text} must be an https origin.`);
  return origin;
}

/**
 * Returns the URL without a slash at its end, so that a path can follow. Throws a `TypeError` if it
 * is no address of a service.
 */
export function parseAddress(address: string | URL): string {
  try {
    const { protocol, search, hash, href } = new URL(address);
    if (/^https?:$/.test(protocol) && !search && !hash) return href.replace(/\/+$/, "");
  } catch {
    // It is no URL at all.
  }
  throw new TypeError(`The address of the service must be a URL such as https://auth.example.com, not ${address}.`);
}

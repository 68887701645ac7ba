import type { Issuer } from "./key-cache.ts";
import type { AuthService } from "./services.ts";

/** Whose tokens are checked, by a binding to it. */
export async function issuerBehind(auth: Pick<AuthService, "keys">): Promise<Issuer> {
  const outcome = await auth.keys();
  if (!outcome.ok) throw new Error(`The service does not say its keys: ${outcome.code}.`);
  return outcome.value;
}

/** Whose tokens are checked, at this origin. They are for the issuer itself where nothing else is said, as the service has it. */
export async function issuerAt(issuer: string): Promise<Issuer> {
  const url = `${issuer}/.well-known/jwks.json`;
  // No redirect: the keys of another place would be trusted.
  const response = await fetch(url, { redirect: "manual", headers: { "Cache-Control": "no-cache" } });
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  const { keys } = (await response.json()) as { keys: object[] };
  return { issuer, audience: issuer, keys };
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The origin that tokens name as their issuer. Throws a TypeError when it is none, or keys from there could be forged. */
export function parseIssuer(text: string): string {
  const { origin, protocol, hostname, href } = new URL(text);
  const isSafe = protocol === "https:" || (protocol === "http:" && LOOPBACK.includes(hostname));
  if (!isSafe || href !== `${origin}/`) throw new TypeError(`The issuer ${text} has to be an https origin.`);
  return origin;
}

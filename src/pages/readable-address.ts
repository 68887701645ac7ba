import { formatPhone } from "../schemas/phone.ts";
import type { Assets } from "../static-file.ts";

/**
 * Writes a stored email address or phone number for people: the domain in its own script, the
 * number in groups.
 */
export async function readableAddress(address: string, assets: Assets): Promise<string> {
  const at = address.lastIndexOf("@");
  if (at < 0) return formatPhone(address, assets);
  const domain = address.slice(at + 1);
  // Loaded here because it would delay the start-up of the Worker.
  const { domainToUnicode } = await import("node:url");
  return `${address.slice(0, at)}@${domainToUnicode(domain) || domain}`;
}

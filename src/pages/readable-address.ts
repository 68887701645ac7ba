import { domainToUnicode } from "node:url";
import { formatPhone } from "../schemas/phone.ts";

/**
 * Writes a stored email address or phone number for people: the domain in its own script, the
 * number in groups.
 */
export function readableAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at < 0) return formatPhone(address);
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${domainToUnicode(domain) || domain}`;
}

/**
 * Shortens an address for pages that say where a message went: `j•••@example.com`, `•••• 0123`. A
 * username stays as it is.
 */
export function maskedAddress(address: string): string {
  const [local = "", domain] = address.split("@");
  if (domain !== undefined) return `${local.slice(0, 1)}•••@${domain}`;
  const digits = address.replace(/\D/g, "");
  return digits.length >= 7 ? `•••• ${digits.slice(-4)}` : address;
}

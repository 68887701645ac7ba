/**
 * Shortens an address for pages that say where a message went: `j•••@example.com`, `•••• 0123`. A
 * username stays as it is.
 */
export function maskedAddress(address: string): string {
  const [local = "", domain] = address.split("@");
  if (domain !== undefined) return `${local.slice(0, 1)}•••@${domain}`;
  return /^[+\d(]/.test(address) ? `•••• ${address.replace(/\D/g, "").slice(-4)}` : address;
}

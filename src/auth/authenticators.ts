/**
 * Names of the most frequent authenticators, by AAGUID
 * (https://github.com/passkeydeveloper/passkey-authenticator-aaguids), of which the first eight
 * digits tell them apart. A hint for the user only: anyone can claim one.
 */
const NAMES: Record<string, string> = {
  fbfc3007: "iCloud Keychain",
  dd4ec289: "iCloud Keychain",
  ea9b8d66: "Google Password Manager",
  adce0002: "Chrome on Mac",
  "08987058": "Windows Hello",
  "9ddd1817": "Windows Hello",
  "6028b017": "Windows Hello",
  "53414d53": "Samsung Pass",
  bada5566: "1Password",
  d548826e: "Bitwarden",
  "531126d6": "Dashlane",
  "50726f74": "Proton Pass",
};

/** Returns the name of the authenticator of this AAGUID, if it is a frequent one. */
export const nameOfAuthenticator = (aaguid: string): string | undefined => NAMES[aaguid.slice(0, 8)];

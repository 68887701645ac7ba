/**
 * API keys: `gh_<id>_<secret><checksum>`, in letters and digits. The id finds the row, the secret
 * has 256 bits, and the checksum (CRC-32, as in the tokens of GitHub) lets scanners tell a leaked
 * key from other text without asking the service. The digests are keyed and fast.
 */
import { hmac } from "./hmac.ts";
import { randomText } from "./random-text.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** As in `KEY`. */
const ID_LENGTH = 16;
/** 62^43 is more than 2^256. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

const KEY = /^gh_([\dA-Za-z]{16})_[\dA-Za-z]{49}$/;

const random = (length: number) => randomText(ALPHABET, length);

/** CRC-32 (ISO 3309) of ASCII. Importing `node:zlib` would delay the start-up of the Worker. */
function crc32(text: string): number {
  let crc = -1;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return ~crc >>> 0;
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let checksum = "";
  for (let n = 0; n < CHECKSUM_LENGTH; n++) {
    checksum = ALPHABET[rest % ALPHABET.length] + checksum;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return checksum;
}

/** Creates a key, which is shown once, with the id and the digest to store. */
export function createApiKey(pepper: string): { key: string; id: string; digest: string } {
  const id = random(ID_LENGTH);
  const text = `gh_${id}_${random(SECRET_LENGTH)}`;
  const key = text + checksumOf(text);
  return { key, id, digest: digestOfApiKey(pepper, key) };
}

/** Returns the digest of a key, as stored. */
export const digestOfApiKey = (pepper: string, key: string): string =>
  hmac(pepper, ["api-key", key]).toString("base64url");

/** Returns the id of a key, or undefined for a text that cannot be a key of any service. */
export function idOfApiKey(text: string): string | undefined {
  const [, id] = KEY.exec(text) ?? [];
  const isIntact = id !== undefined && text.endsWith(checksumOf(text.slice(0, -CHECKSUM_LENGTH)));
  return isIntact ? id : undefined;
}

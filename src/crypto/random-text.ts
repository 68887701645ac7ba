import { nodeCrypto } from "./node-crypto.ts";

/** Draws characters of an alphabet, each with the same probability. */
export const randomText = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[nodeCrypto().randomInt(alphabet.length)]).join("");

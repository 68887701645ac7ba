/**
 * Decodes the part of CBOR (RFC 8949) that authenticators use: the CTAP2 canonical form without
 * floats, tags and 64-bit numbers, which no value of WebAuthn needs.
 *
 * Every value has one encoding: lengths are definite, numbers are as short as possible, and keys
 * are integers or texts that occur once. The order of keys is not checked, because browsers do not
 * agree on it. Each item takes at least one byte, so a decoder never does more work than the
 * length of its input.
 */
import { fromUtf8 } from "./ceremony.ts";
import { check, Refusal } from "./refusal.ts";

export type CborMap = Map<CborValue, CborValue>;
export type CborValue = number | string | boolean | null | Buffer | CborValue[] | CborMap;

/** Compound attestation needs 5 levels. CTAP2 itself allows 4. */
const MAX_DEPTH = 8;

const SIMPLE_VALUES = new Map([
  [0xf4, false],
  [0xf5, true],
  [0xf6, null],
]);

/** Decodes the only item of the input. */
export function decodeCbor(bytes: Buffer): CborValue {
  const [value, rest] = decodeFirst(bytes);
  check(rest.length === 0, "malformed_cbor");
  return value;
}

/** Decodes the first item, and returns the bytes that follow it. */
export function decodeFirst(bytes: Buffer, depth = MAX_DEPTH): [CborValue, Buffer] {
  const [head = 0xff] = bytes;
  const simple = SIMPLE_VALUES.get(head);
  if (simple !== undefined) return [simple, bytes.subarray(1)];

  const [argument, rest] = decodeArgument(bytes, head & 0x1f);
  switch (head >> 5) {
    case 0:
      return [argument, rest];
    case 1:
      return [-1 - argument, rest];
    case 2:
      return take(rest, argument);
    case 3: {
      const [encoded, after] = take(rest, argument);
      return [fromUtf8(encoded, "malformed_cbor"), after];
    }
    case 4:
      return decodeList(rest, argument, depth - 1);
    case 5: {
      const [items, after] = decodeList(rest, argument * 2, depth - 1);
      return [toMap(items), after];
    }
    default:
      throw new Refusal("malformed_cbor");
  }
}

/** Decodes the number that follows the major type: a value, a length, or a count. */
function decodeArgument(bytes: Buffer, info: number): [number, Buffer] {
  if (info < 24) return [info, bytes.subarray(1)];
  check(info < 27, "malformed_cbor");
  const size = 2 ** (info - 24);
  const [encoded, rest] = take(bytes.subarray(1), size);
  const argument = encoded.readUIntBE(0, size);
  // A number that fits into fewer bytes has a shorter encoding.
  check(argument >= (size === 1 ? 24 : 2 ** (4 * size)), "malformed_cbor");
  return [argument, rest];
}

function take(bytes: Buffer, length: number): [Buffer, Buffer] {
  check(length <= bytes.length, "malformed_cbor");
  return [bytes.subarray(0, length), bytes.subarray(length)];
}

function decodeList(bytes: Buffer, count: number, depth: number): [CborValue[], Buffer] {
  check(depth >= 0, "malformed_cbor");
  const items: CborValue[] = [];
  let rest = bytes;
  while (items.length < count) {
    const [item, after] = decodeFirst(rest, depth);
    items.push(item);
    rest = after;
  }
  return [items, rest];
}

function toMap(items: CborValue[]): CborMap {
  const map: CborMap = new Map();
  for (let index = 0; index < items.length; index += 2) {
    const [key = null, value = null] = items.slice(index, index + 2);
    check((typeof key === "number" || typeof key === "string") && !map.has(key), "malformed_cbor");
    map.set(key, value);
  }
  return map;
}

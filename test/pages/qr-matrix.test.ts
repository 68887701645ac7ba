import { encode } from "uqr";
import { expect, it } from "vitest";
import { qrMatrix } from "../../src/pages/qr-matrix.ts";

/** Letters of both cases, so that the library uses bytes too. */
const TEXT = "otpauth://totp/aB3%".repeat(100);
const LIBRARY = { ecc: "L", boostEcc: false, maskPattern: 0, border: 0 } as const;

it.each([
  ["at most one character", 1, 1],
  ["every length that the setup of an app can have", 40, 400],
  ["very long names", 401, 1700, 43],
])("a QR code is that of a library for %s", (_, shortest, longest, step = 1) => {
  for (let length = shortest; length <= longest; length += step) {
    const text = TEXT.slice(0, length);
    expect([length, qrMatrix(text)]).toEqual([length, encode(text, LIBRARY).data]);
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deriveKey,
  dummyHash,
  hashPassword,
  isOutdated,
  isStrongEnough,
  parseParams,
  type ScryptParams,
  verifyPassword,
} from "../../src/crypto/password.ts";
import { PASSWORD } from "../support/passwords.ts";

const DEFAULT: ScryptParams = { ln: 15, r: 8, p: 3 };
const CHEAP: ScryptParams = { ln: 4, r: 1, p: 1 };
const ENGINES = ["noble", "node"] as const;

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (key: Uint8Array) => [...key].map((byte) => byte.toString(16).padStart(2, "0")).join("");

describe.each(ENGINES)("scrypt by %s", (engine) => {
  // RFC 7914 §12, without the fourth vector: it needs 1 GiB, eight times an isolate's memory.
  it.each([
    [
      "",
      "",
      CHEAP,
      "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
    ],
    [
      "password",
      "NaCl",
      { ln: 10, r: 8, p: 16 },
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
    ],
    [
      "pleaseletmein",
      "SodiumChloride",
      { ln: 14, r: 8, p: 1 },
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
    ],
  ])("produces the RFC 7914 vector of %j and %j", (password, salt, params, expected) => {
    expect(hex(deriveKey(password, bytes(salt), params, engine, 64))).toBe(expected);
  });

  it("verifies only the hashed password", () => {
    const phc = hashPassword(PASSWORD, DEFAULT, engine);

    expect(verifyPassword(PASSWORD, phc, engine)).toBe(true);
    expect(verifyPassword("Correct-horse-7", phc, engine)).toBe(false);
    expect(verifyPassword("correct-horse-7 ", phc, engine)).toBe(false);
  });
});

it("both scrypt engines produce the same bytes", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.uint8Array({ minLength: 0, maxLength: 64 }),
      fc.record({
        ln: fc.integer({ min: 1, max: 8 }),
        r: fc.integer({ min: 1, max: 9 }),
        p: fc.integer({ min: 1, max: 4 }),
      }),
      fc.integer({ min: 1, max: 96 }),
      (password, salt, params, length) => {
        const [noble, node] = ENGINES.map((engine) => hex(deriveKey(password, salt, params, engine, length)));
        expect(noble).toBe(node);
      },
    ),
  );
});

describe("a stored hash", () => {
  it("is a PHC string with parameters, 16 random bytes of salt and 32 of key", () => {
    const [one, two] = [hashPassword("same", DEFAULT, "node"), hashPassword("same", DEFAULT, "node")];

    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
  });

  it.each([
    "",
    PASSWORD,
    "$2b$12$abcdefghijklmnopqrstuv",
    "$scrypt$ln=14,r=8,p=5$short$short",
    "$scrypt$ln=40,r=8,p=5$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "$scrypt$ln=14,r=8,p=99$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])("matches no password if it is %j", (phc) => {
    expect(verifyPassword(PASSWORD, phc, "noble")).toBe(false);
  });

  it("is outdated if it has other parameters", () => {
    const phc = hashPassword("x", CHEAP, "node");

    expect(isOutdated(phc, CHEAP)).toBe(false);
    expect(isOutdated(phc, { ...CHEAP, p: 2 })).toBe(true);
  });

  it("of an unknown user matches no password", () => {
    expect(verifyPassword("", dummyHash(CHEAP), "node")).toBe(false);
    expect(dummyHash(DEFAULT)).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  });
});

describe("scrypt parameters", () => {
  it.each([
    "ln=17,r=8,p=1",
    "ln=14",
    "ln=14,r=8",
    "r=8,ln=14,p=5",
    "ln=-1,r=8,p=5",
    "ln=1e3,r=8,p=5",
    "",
    "ln=16,r=16,p=1",
    "ln=14,r=8,p=9",
    "ln=15,r=8,p=5",
    "ln=16,r=8,p=3",
  ])("%j are malformed or above the limit", (text) => {
    expect(parseParams(text)).toBeUndefined();
  });

  it.each([
    ["ln=14,r=8,p=5", true],
    ["ln=13,r=8,p=10", true],
    ["ln=15,r=8,p=3", true],
    ["ln=16,r=8,p=2", true],
    ["ln=14,r=8,p=4", false],
    ["ln=14,r=4,p=10", false],
    ["ln=10,r=8,p=1", false],
    ["ln=12,r=8,p=20", false],
    ["ln=7,r=52,p=99", false],
  ])("%s are strong enough: %s", (text, expected) => {
    expect(isStrongEnough(parseParams(text)!)).toBe(expected);
  });
});

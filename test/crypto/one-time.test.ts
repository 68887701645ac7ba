import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deriveCode,
  deriveSecret,
  digestOfCode,
  digestOfSecret,
  isSecret,
  matchesCode,
} from "../../src/crypto/one-time.ts";

const PEPPER = "A".repeat(43);
const OTHER = "B".repeat(43);
const subject = { purpose: "verification", userId: "u1" };

describe("the secret of a link", () => {
  it("is 256 bits in base64url that depend on message and pepper", () => {
    const secret = deriveSecret(PEPPER, "m1");

    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(deriveSecret(PEPPER, "m1")).toBe(secret);
    expect(new Set([secret, deriveSecret(PEPPER, "m2"), deriveSecret(OTHER, "m1")]).size).toBe(3);
  });

  it("equals WebCrypto's HMAC-SHA-256 of its message", async () => {
    const bytes = Uint8Array.from(atob(`${PEPPER}=`), (character) => character.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode('["link","m1"]')));

    const decoded = atob(deriveSecret(PEPPER, "m1").replace(/-/g, "+").replace(/_/g, "/"));
    expect(Uint8Array.from(decoded, (character) => character.charCodeAt(0))).toEqual(mac);
  });

  it("has a digest and a fixed format", () => {
    expect(digestOfSecret("x".repeat(43))).toMatch(/^[\w-]{43}$/);
    expect(isSecret(deriveSecret(PEPPER, "m1"))).toBe(true);
    for (const text of ["", "x", "x".repeat(42), "x".repeat(44), `${"x".repeat(42)}=`]) {
      expect(isSecret(text)).toBe(false);
    }
  });
});

describe("a one-time code", () => {
  /** Draws 5000 codes and expects each digit about as often as any other. */
  const expectUniform = (digits: 6 | 8) => {
    const counts = Array<number>(10).fill(0);
    for (let n = 0; n < 5000; n++) {
      const code = deriveCode(PEPPER, `message-${n}`, digits);
      expect(code).toMatch(/^\d+$/);
      expect(code).toHaveLength(digits);
      for (const digit of code) counts[Number(digit)]!++;
    }
    for (const count of counts) expect(Math.abs(count - 500 * digits)).toBeLessThan(50 * digits);
  };

  it("has six uniformly distributed digits", () => expectUniform(6));

  it("has eight uniformly distributed digits if it resets a password by mail", () => expectUniform(8));

  it("matches only its own digest, under any of the peppers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 999_999 }), (a, b) => {
        const [right, other] = [String(a).padStart(6, "0"), String(b).padStart(6, "0")];
        const digest = digestOfCode(PEPPER, subject, right);
        expect(matchesCode([OTHER, PEPPER], subject, right, digest)).toBe(true);
        expect(matchesCode([PEPPER], subject, other, digest)).toBe(right === other);
        expect(matchesCode([OTHER], subject, right, digest)).toBe(false);
        expect(matchesCode([PEPPER], { ...subject, purpose: "email-change" }, right, digest)).toBe(false);
        expect(matchesCode([PEPPER], { ...subject, userId: "u2" }, right, digest)).toBe(false);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRecoveryCodes, digestOfRecoveryCode, parseRecoveryCode } from "../../src/crypto/recovery-codes.ts";
import { seal, unseal } from "../../src/crypto/sealing.ts";
import { createTotpSecret, matchTotp, stepAt, totpCode, totpUri } from "../../src/crypto/totp.ts";

/** The secret "12345678901234567890" of RFC 6238, appendix B. */
const RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

describe("a code of an authenticator app", () => {
  // RFC 6238, appendix B, the last six of the eight digits.
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("is that of RFC 6238 at %d seconds", (seconds, code) => {
    expect(totpCode(RFC_SECRET, stepAt(seconds * 1000))).toBe(code);
  });

  it("is accepted one step early and one step late, and no further", () => {
    const now = 1_700_000_000_000;
    const step = stepAt(now);
    const accepted = [-2, -1, 0, 1, 2].map((later) =>
      matchTotp(RFC_SECRET, totpCode(RFC_SECRET, step + later), { now, lastStep: null }),
    );
    expect(accepted).toEqual([undefined, step - 1, step, step + 1, undefined]);
  });

  it("is not accepted for the step that was used, nor for one before", () => {
    const now = 1_700_000_000_000;
    const step = stepAt(now);
    const accepted = [-1, 0, 1].map((later) =>
      matchTotp(RFC_SECRET, totpCode(RFC_SECRET, step + later), { now, lastStep: step }),
    );
    expect(accepted).toEqual([undefined, undefined, step + 1]);
  });
});

describe("the secret of an app", () => {
  it("has 160 bits in base32 and differs each time", () => {
    const secrets = Array.from({ length: 50 }, createTotpSecret);
    expect(secrets.filter((secret) => !/^[A-Z2-7]{32}$/.test(secret))).toEqual([]);
    expect(new Set(secrets).size).toBe(50);
  });

  it("is in an address whose names survive any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ minLength: 1 }), (issuer, account) => {
        const { protocol, searchParams } = new URL(totpUri(RFC_SECRET, { issuer, account }));
        expect([protocol, searchParams.get("secret")]).toEqual(["otpauth:", RFC_SECRET]);
        expect(searchParams.get("issuer")).toBe(issuer.replaceAll(":", " "));
      }),
    );
  });
});

describe("a sealed secret", () => {
  const [OLD, NEW] = ["b2xk".repeat(11), "bmV3".repeat(11)] as [string, string];

  it("opens for its subject alone, under any of the peppers", async () => {
    const sealed = await seal([OLD], "jane", "secret");

    expect(await unseal([NEW, OLD], "jane", sealed)).toBe("secret");
    expect(await unseal([OLD], "john", sealed)).toBe(undefined);
    expect(await unseal([NEW], "jane", sealed)).toBe(undefined);
    expect(await seal([OLD], "jane", "secret")).not.toBe(sealed);
  });

  it("does not open after any change", async () => {
    const sealed = Buffer.from(await seal([OLD], "jane", "secret"), "base64url");
    for (const index of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] as number) ^ 1;
      expect(await unseal([OLD], "jane", changed.toString("base64url"))).toBe(undefined);
    }
    expect(await unseal([OLD], "jane", "")).toBe(undefined);
  });
});

describe("recovery codes", () => {
  it("are ten different ones of 50 bits", () => {
    const codes = createRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    expect(codes.filter((code) => !/^[0-9a-hj-km-np-tv-z]{5}-[0-9a-hj-km-np-tv-z]{5}$/.test(code))).toEqual([]);
    const letters = new Set(Array.from({ length: 40 }, createRecoveryCodes).flat().join("").replaceAll("-", ""));
    expect(letters.size).toBe(32);
  });

  it.each(["3kq8d-x0v2m", "3KQ8D X0V2M", " 3kq8dx0v2m\n", "3kq8d—xOv2m"])("are read as typed: %j", (typed) => {
    expect(parseRecoveryCode(typed)).toBe("3kq8dx0v2m");
  });

  it.each(["123456", "3kq8d-x0v2", "3kq8d-x0v2mm", "3kq8d-x0v2u", ""])("are not %j", (typed) => {
    expect(parseRecoveryCode(typed)).toBe(undefined);
  });

  it("have another digest for each user and pepper", () => {
    const digests = [
      ["cGVwcGVy", "jane"],
      ["cGVwcGVy", "john"],
      ["b3RoZXI", "jane"],
    ].map(([pepper = "", user = ""]) => digestOfRecoveryCode(pepper, user, "3kq8d-x0v2m"));
    expect(new Set(digests).size).toBe(3);
    expect(digestOfRecoveryCode("cGVwcGVy", "jane", "3kq8dx0v2m")).toBe(digests[0]);
  });
});

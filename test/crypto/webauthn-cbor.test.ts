import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAuthenticatorData } from "../../src/crypto/webauthn/authenticator-data.ts";
import { decodeCbor } from "../../src/crypto/webauthn/cbor.ts";
import { Refusal } from "../../src/crypto/webauthn/refusal.ts";
import { verifyAssertion } from "../../src/crypto/webauthn/verify-assertion.ts";
import { verifyRegistration } from "../../src/crypto/webauthn/verify-registration.ts";
import {
  authenticate,
  base64url,
  CEREMONY,
  cbor,
  createPasskey,
  type Encodable,
  register,
  USER_HANDLE,
} from "../support/security-key.ts";

const toBuffer = (bytes: Uint8Array) => Buffer.from(bytes);
/** The heads of items, which random bytes seldom put together. */
const HEADS = [
  0x00, 0x18, 0x19, 0x1a, 0x1b, 0x20, 0x38, 0x41, 0x58, 0x61, 0x78, 0x80, 0x81, 0x82, 0x9f, 0xa0, 0xa1, 0xa2, 0xbf,
  0xc0, 0xf4, 0xf6, 0xf7, 0xf9, 0xff,
];
const someBytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.oneof(fc.constantFrom(...HEADS), fc.nat({ max: 3 })), { maxLength: 40 })
      .map((heads) => Uint8Array.from(heads)),
  )
  .map(toBuffer);

const integer = fc.integer({ min: -(2 ** 32), max: 2 ** 32 - 1 });
const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("\ufeff"));
const { value: someValue } = fc.letrec<{ value: Encodable }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 6 },
    integer,
    text,
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }).map(toBuffer),
    fc.array(tie("value"), { maxLength: 30 }),
    fc.array(fc.tuple(fc.oneof(integer, text), tie("value")), { maxLength: 30 }).map((pairs) => new Map(pairs)),
  ),
}));

/** Returns undefined if the input is refused. Everything else that is thrown is a bug. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

it("every value decodes to itself", () => {
  fc.assert(
    fc.property(someValue, (value) => {
      expect(decodeCbor(cbor(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it("whatever is accepted encodes to the same bytes", () => {
  let accepted = 0;
  fc.assert(
    fc.property(someBytes, (bytes) => {
      const value = attempt(() => decodeCbor(bytes));
      if (value === undefined) return;
      accepted++;
      expect(cbor(value as Encodable).toString("hex")).toBe(bytes.toString("hex"));
    }),
    { numRuns: 20_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

it("no part of an encoding is accepted, nor one with a byte more", () => {
  fc.assert(
    fc.property(someValue, fc.nat(), (value, at) => {
      const bytes = cbor(value);
      expect(attempt(() => decodeCbor(bytes.subarray(0, at % bytes.length)))).toBe(undefined);
      expect(attempt(() => decodeCbor(Buffer.concat([bytes, Buffer.from([at & 0xff])])))).toBe(undefined);
    }),
    { numRuns: 300 },
  );
});

it("random authenticator data is parsed or refused", () => {
  const data = fc.tuple(fc.uint8Array({ minLength: 37, maxLength: 37 }), someBytes);
  fc.assert(
    fc.property(data, (parts) => {
      attempt(() => parseAuthenticatorData(Buffer.concat(parts)));
    }),
    { numRuns: 5000 },
  );
});

it("responses with changed bytes are refused as values, and change nothing else", async () => {
  const passkey = await createPasskey();
  const created = register(passkey);
  const used = await authenticate(passkey);
  const registered = await verifyRegistration(created, CEREMONY);
  if (!registered.ok) throw new Error(registered.reason);
  const ceremony = { ...CEREMONY, stored: { ...registered.value, userHandle: USER_HANDLE }, discoverable: true };

  const change = (encoded: string, at: number, difference: number) => {
    const bytes = Buffer.from(encoded, "base64url");
    bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ difference;
    return base64url(bytes);
  };
  const member = fc.constantFrom("clientDataJSON", "authenticatorData", "signature", "attestationObject");
  await fc.assert(
    fc.asyncProperty(member, fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, at, difference) => {
      if (name === "attestationObject") {
        const response = { ...created.response, [name]: change(created.response[name], at, difference) };
        const result = await verifyRegistration({ ...created, response }, CEREMONY);
        // The rest of a registration is not signed: the AAGUID, the counter, some flags.
        if (result.ok) expect(result.value).toMatchObject({ credentialId: created.id, userVerified: true });
      } else {
        const response = { ...used.response, [name]: change(used.response[name], at, difference) };
        expect((await verifyAssertion({ ...used, response }, ceremony)).ok).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});

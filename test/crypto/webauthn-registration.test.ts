import { describe, expect, it } from "vitest";
import { verifyRegistration } from "../../src/crypto/webauthn/verify-registration.ts";
import {
  AT,
  BE,
  BS,
  base64url,
  CEREMONY,
  cbor,
  createPasskey,
  ED,
  type RegistrationDeviation,
  register,
  UP,
  UV,
} from "../support/security-key.ts";
import { registrationCases } from "../support/webauthn-registration-cases.ts";

const passkey = await createPasskey();
const verify = (deviation: RegistrationDeviation, ceremony = {}) =>
  verifyRegistration(register(passkey, deviation), { ...CEREMONY, ...ceremony });

it.each(registrationCases(passkey))("a registration with %s is refused", async (_, deviation, reason) => {
  expect(await verify(deviation)).toEqual({ ok: false, reason });
});

it("a registration gives what a sign-in needs", async () => {
  expect(await verify({ flags: UP | UV | AT | BE | BS, signCount: 7 })).toEqual({
    ok: true,
    value: {
      credentialId: base64url(passkey.id),
      publicKey: expect.stringMatching(/^\{"kty":"EC","crv":"P-256","x":"[\w-]{43}","y":"[\w-]{43}"\}$/),
      algorithm: -7,
      signCount: 7,
      backupEligible: true,
      backedUp: true,
      userVerified: true,
      aaguid: "00000000-0000-0000-0000-000000000000",
      transports: ["internal"],
    },
  });
});

describe("a registration is accepted", () => {
  it.each<[string, RegistrationDeviation, object?]>([
    ["with unknown members in the client data", { clientData: { extra: { "<script>": [1] } } }],
    ["without crossOrigin", { clientData: { crossOrigin: undefined } }],
    ["with extensions", { flags: UP | UV | AT | ED, extensions: cbor(new Map([["credProtect", 2]])) }],
    ["with flags that are reserved", { flags: UP | UV | AT | 0x22 }],
    ["with an id of 1023 bytes", { credentialId: Buffer.alloc(1023, 1) }],
    ["with an id of 1 byte", { credentialId: Buffer.alloc(1) }],
    [
      "from the second origin",
      { clientData: { origin: "https://b.example" } },
      { origins: ["https://a.example", "https://b.example"] },
    ],
    ["without user verification that is only preferred", { flags: UP | AT }, { userVerification: "preferred" }],
    ["without a gesture in a conditional registration", { flags: UV | AT }, { conditional: true }],
    ["with keys in another order", { attestation: (object) => new Map([...object].reverse()) }],
    [
      "with an attestation of any format, which is not trusted",
      { attestation: (object) => new Map(object).set("fmt", "compound").set("attStmt", [[[[[[cbor("x5c")]]]]]]) },
    ],
  ])("%s", async (_, deviation, ceremony = {}) => {
    expect(await verify(deviation, ceremony)).toMatchObject({ ok: true });
  });
});

it.each(["EdDSA", "RS256"] as const)("a registration with a %s key is accepted", async (algorithm) => {
  expect(await verifyRegistration(register(await createPasskey(algorithm)), CEREMONY)).toMatchObject({ ok: true });
});

it.each(["!", "AA==", "AB", "A", "a b", "\u0100"])(
  "a registration in the broken base64url %j is refused",
  async (text) => {
    const { response, ...credential } = register(passkey);

    for (const name of ["clientDataJSON", "attestationObject"]) {
      const broken = { ...credential, response: { ...response, [name]: text } };
      expect(await verifyRegistration(broken, CEREMONY)).toEqual({ ok: false, reason: "malformed_base64url" });
    }
  },
);

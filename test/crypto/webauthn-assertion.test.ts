import { beforeAll, describe, expect, it } from "vitest";
import { readClientData } from "../../src/crypto/webauthn/client-data.ts";
import { type StoredCredential, verifyAssertion } from "../../src/crypto/webauthn/verify-assertion.ts";
import { verifyRegistration } from "../../src/crypto/webauthn/verify-registration.ts";
import {
  type AssertionDeviation,
  authenticate,
  BE,
  BS,
  base64url,
  CEREMONY,
  CHALLENGE,
  cbor,
  createPasskey,
  ED,
  ORIGIN,
  type Passkey,
  register,
  UP,
  USER_HANDLE,
  UV,
} from "../support/security-key.ts";
import { assertionCases } from "../support/webauthn-cases.ts";

interface Account {
  passkey: Passkey;
  stored: StoredCredential;
}

async function enroll(passkey: Passkey): Promise<Account> {
  const registered = await verifyRegistration(register(passkey), CEREMONY);
  if (!registered.ok) throw new Error(registered.reason);
  return { passkey, stored: { ...registered.value, userHandle: USER_HANDLE } };
}

let jane: Account;

beforeAll(async () => {
  jane = await enroll(await createPasskey());
});

const verify = async (deviation: AssertionDeviation, stored: Partial<StoredCredential> = {}, ceremony = {}) =>
  verifyAssertion(await authenticate(jane.passkey, deviation), {
    ...CEREMONY,
    stored: { ...jane.stored, ...stored },
    discoverable: true,
    ...ceremony,
  });

it.each(assertionCases())("an authentication with %s is refused", async (_, deviation, reason) => {
  expect(await verify(deviation)).toEqual({ ok: false, reason });
});

describe("an authentication is accepted", () => {
  it.each<[string, AssertionDeviation, Partial<StoredCredential>?, object?]>([
    ["with extensions", { flags: UP | UV | ED, extensions: cbor(new Map([["hmac-secret", Buffer.alloc(32)]])) }],
    ["with a backup made since", { flags: UP | UV | BE | BS }, { backupEligible: true }],
    ["without user verification that is only preferred", { flags: UP }, {}, { userVerification: "preferred" }],
    ["without a handle if the user is known", { userHandle: null }, {}, { discoverable: false }],
  ])("%s", async (_, deviation, stored, ceremony) => {
    expect(await verify(deviation, stored, ceremony)).toMatchObject({ ok: true });
  });
});

it("an authentication without a handle is refused if nothing else names the user", async () => {
  expect(await verify({ userHandle: null })).toEqual({ ok: false, reason: "wrong_user" });
});

it("the handle of another user is refused also if the user is known", async () => {
  expect(await verify({ userHandle: "Ym9i" }, {}, { discoverable: false })).toEqual({
    ok: false,
    reason: "wrong_user",
  });
});

it("a credential that could be backed up at registration still has to say so", async () => {
  expect(await verify({}, { backupEligible: true })).toEqual({ ok: false, reason: "backup_eligibility_changed" });
});

it.each([
  [0, 0, true],
  [0, 1, true],
  [5, 6, true],
  [5, 2 ** 32 - 1, true],
  [5, 5, false],
  [5, 4, false],
  [5, 0, false],
  [2 ** 32 - 1, 0, false],
])("of a counter from %i to %i the result is %j", async (before, after, isAccepted) => {
  const refused = { ok: false, reason: "counter_not_increased" };
  const accepted = { ok: true, value: { signCount: after } };

  expect(await verify({ signCount: after }, { signCount: before })).toMatchObject(isAccepted ? accepted : refused);
});

it("a copied credential is reported only if its signature is valid", async () => {
  const forged = { signature: () => Buffer.alloc(0) };

  expect(await verify(forged, { signCount: 5 })).toEqual({ ok: false, reason: "invalid_signature" });
});

describe.each(["ES256", "EdDSA", "RS256"] as const)("with a key of %s", (algorithm) => {
  it("the key's signature is accepted, and no other", async () => {
    const { passkey, stored } = await enroll(await createPasskey(algorithm));
    const other = await createPasskey(algorithm);
    const verifyWith = async (deviation: AssertionDeviation, signer = passkey) =>
      verifyAssertion(await authenticate({ ...signer, id: passkey.id }, deviation), {
        ...CEREMONY,
        stored,
        discoverable: true,
      });
    const refused = { ok: false, reason: "invalid_signature" };

    expect(await verifyWith({})).toEqual({ ok: true, value: { signCount: 0, backedUp: false, userVerified: true } });
    expect(await verifyWith({}, other)).toEqual(refused);
    for (const signature of [
      Buffer.alloc(0),
      Buffer.alloc(1),
      Buffer.alloc(64),
      Buffer.alloc(256),
      Buffer.alloc(768),
    ]) {
      expect(await verifyWith({ signature: () => signature })).toEqual(refused);
    }
    expect(await verifyWith({ signature: (own) => own.subarray(1) })).toEqual(refused);
    expect(await verifyWith({ signature: (own) => Buffer.concat([own, Buffer.alloc(1)]) })).toEqual(refused);
  });

  it("a credential is refused under another algorithm or with a broken key", async () => {
    const { passkey, stored } = await enroll(await createPasskey(algorithm));
    const response = await authenticate(passkey);

    for (const changed of [
      { algorithm: algorithm === "ES256" ? -8 : -7 } as const,
      { publicKey: "{}" },
      { publicKey: "" },
    ]) {
      const result = await verifyAssertion(response, {
        ...CEREMONY,
        stored: { ...stored, ...changed },
        discoverable: true,
      });
      expect(result.ok).toBe(false);
    }
  });
});

it("the replies of the two ceremonies do not stand in for each other", async () => {
  const created = register(jane.passkey);
  const used = await authenticate(jane.passkey);
  const attestation = Buffer.from(created.response.attestationObject, "base64url");
  const asAssertion = {
    ...created,
    response: { ...used.response, clientDataJSON: created.response.clientDataJSON },
  };
  const withItsData = {
    ...used,
    response: {
      ...used.response,
      authenticatorData: base64url(attestation.subarray(attestation.indexOf("authData") + 10)),
    },
  };
  const asRegistration = {
    ...used,
    response: { ...created.response, clientDataJSON: used.response.clientDataJSON },
  };
  const ceremony = { ...CEREMONY, stored: jane.stored, discoverable: true };

  expect(await verifyAssertion(asAssertion, ceremony)).toEqual({ ok: false, reason: "wrong_type" });
  expect(await verifyAssertion(withItsData, ceremony)).toEqual({ ok: false, reason: "malformed_authenticator_data" });
  expect(await verifyRegistration(asRegistration, CEREMONY)).toEqual({ ok: false, reason: "wrong_type" });
});

it("the challenge and the origin can be read before anything is verified", async () => {
  const { response } = await authenticate(jane.passkey);
  const encode = (text: string) => base64url(Buffer.from(text));

  expect(readClientData(response.clientDataJSON)).toEqual({ challenge: CHALLENGE, origin: ORIGIN });
  expect(["", "!", encode("{"), encode("null")].map(readClientData)).toEqual(Array(4).fill(undefined));
  expect(readClientData(encode('{"challenge":1}'))).toEqual({ challenge: "", origin: "" });
});

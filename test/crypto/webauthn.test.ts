import WebAuthnEmulator, { AuthenticatorEmulator } from "nid-webauthn-emulator";
import { describe, expect, it } from "vitest";
import { ALGORITHMS } from "../../src/crypto/webauthn/public-key.ts";
import { verifyAssertion } from "../../src/crypto/webauthn/verify-assertion.ts";
import { verifyRegistration } from "../../src/crypto/webauthn/verify-registration.ts";
import { AuthenticationResponse, RegistrationResponse } from "../../src/schemas/webauthn.ts";
import { CEREMONY, CHALLENGE, ORIGIN, RP_ID, USER_HANDLE } from "../support/security-key.ts";
import { vectors } from "../support/webauthn-vectors.ts";

const REFUSED: Record<string, string> = {
  'ES256 Credential with "crossOrigin": true in clientDataJSON': "cross_origin",
  'ES256 Credential with "topOrigin" in clientDataJSON': "cross_origin",
  "Packed Attestation with ES384 Credential": "unsupported_algorithm",
  "Packed Attestation with ES512 Credential": "unsupported_algorithm",
  "Packed Attestation with Ed448 Credential": "unsupported_algorithm",
};

describe("the test vectors of WebAuthn Level 3", () => {
  const ceremony = { ...CEREMONY, userVerification: "preferred" as const };

  it.each(vectors.filter(({ name }) => !REFUSED[name]))("register and sign in: $name", async (vector) => {
    const registered = await verifyRegistration(RegistrationResponse.parse(vector.registration), {
      ...ceremony,
      challenge: vector.registrationChallenge,
    });
    if (!registered.ok) throw new Error(registered.reason);
    const stored = { ...registered.value, userHandle: USER_HANDLE };
    const authenticate = (challenge: string) =>
      verifyAssertion(AuthenticationResponse.parse(vector.authentication), {
        ...ceremony,
        challenge,
        stored,
        discoverable: false,
      });

    expect(await authenticate(vector.authenticationChallenge)).toMatchObject({ ok: true, value: { signCount: 0 } });
    expect(await authenticate(CHALLENGE)).toEqual({ ok: false, reason: "wrong_challenge" });
  });

  it.each(vectors.filter(({ name }) => REFUSED[name]))("are refused: $name", async (vector) => {
    const registered = await verifyRegistration(RegistrationResponse.parse(vector.registration), {
      ...ceremony,
      challenge: vector.registrationChallenge,
    });

    expect(registered).toEqual({ ok: false, reason: REFUSED[vector.name] });
  });
});

// It signs with Ed25519 only in workerd. test/scripts/webauthn.test.ts runs all its algorithms.
it("an emulated authenticator of somebody else registers, and signs in once with each response", async () => {
  const emulator = new WebAuthnEmulator(new AuthenticatorEmulator({ algorithmIdentifiers: ["EdDSA"] }));
  const created = emulator.createJSON(ORIGIN, {
    rp: { id: RP_ID, name: "Gatehouse" },
    user: { id: USER_HANDLE, name: "jane@example.com", displayName: "Jane" },
    challenge: CHALLENGE,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
  });
  const registered = await verifyRegistration(RegistrationResponse.parse(created), CEREMONY);
  if (!registered.ok) throw new Error(registered.reason);
  expect(registered.value).toMatchObject({
    credentialId: created.id,
    algorithm: -8,
    userVerified: true,
    backupEligible: true,
    backedUp: true,
    aaguid: "4e49442d-4155-5448-2d33-313431353932",
    transports: ["usb"],
  });

  const used = emulator.getJSON(ORIGIN, { rpId: RP_ID, challenge: CHALLENGE });
  const authenticate = (signCount: number) =>
    verifyAssertion(AuthenticationResponse.parse(used), {
      ...CEREMONY,
      stored: { ...registered.value, signCount, userHandle: USER_HANDLE },
      discoverable: true,
    });
  const signCount = registered.value.signCount + 1;

  expect(await authenticate(signCount - 1)).toMatchObject({ ok: true, value: { userVerified: true, signCount } });
  expect(await authenticate(signCount)).toEqual({ ok: false, reason: "counter_not_increased" });
});

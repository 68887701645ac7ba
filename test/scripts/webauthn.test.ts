import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import WebAuthnEmulator, { AuthenticatorEmulator } from "nid-webauthn-emulator";
import { describe, expect, it } from "vitest";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "../../src/contract/webauthn.ts";
import { ALGORITHMS } from "../../src/crypto/webauthn/public-key.ts";
import type { RefusalReason } from "../../src/crypto/webauthn/refusal.ts";
import { verifyAssertion } from "../../src/crypto/webauthn/verify-assertion.ts";
import { verifyRegistration } from "../../src/crypto/webauthn/verify-registration.ts";
import { AuthenticationResponse, RegistrationResponse } from "../../src/schemas/webauthn.ts";
import {
  authenticate,
  base64url,
  CEREMONY,
  CHALLENGE,
  createPasskey,
  ORIGIN,
  RP_ID,
  register,
  USER_HANDLE,
} from "../support/security-key.ts";
import { assertionCases } from "../support/webauthn-cases.ts";
import { registrationCases } from "../support/webauthn-registration-cases.ts";
import { vectors } from "../support/webauthn-vectors.ts";

interface Responses {
  created: RegistrationResponseJSON;
  used?: AuthenticationResponseJSON;
  registration_challenge?: string;
  authentication_challenge?: string;
}

const PYTHON = "/usr/bin/python3";
/** Version 1 has another API. */
const HAS_FIDO2 = existsSync("/usr/lib/python3/dist-packages/fido2-0.9.1.egg-info");

/** Returns which responses python3-fido2 accepts. */
function fido2Accepts(cases: Responses[], userVerification = "required"): boolean[] {
  const input = JSON.stringify({ cases, ceremony: [RP_ID, ORIGIN, CHALLENGE, userVerification] });
  const { status, stdout, stderr } = spawnSync(PYTHON, ["test/scripts/webauthn-fido2.py"], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Returns the first reason to refuse a pair of responses, undefined if both are accepted. */
async function refusalOf(
  { created, used, ...challenges }: Responses,
  userVerification: "required" | "preferred" = "required",
) {
  const { registration_challenge = CHALLENGE, authentication_challenge = CHALLENGE } = challenges;
  const ceremony = { ...CEREMONY, userVerification };
  const registered = await verifyRegistration(created, { ...ceremony, challenge: registration_challenge });
  if (!registered.ok) return registered.reason;
  if (!used) return undefined;
  const stored = { ...registered.value, userHandle: USER_HANDLE };
  const verified = await verifyAssertion(used, {
    ...ceremony,
    challenge: authentication_challenge,
    stored,
    discoverable: false,
  });
  return verified.ok ? undefined : verified.reason;
}

function emulate(alg: number): Required<Pick<Responses, "created" | "used">> {
  const emulator = new WebAuthnEmulator(
    new AuthenticatorEmulator({ algorithmIdentifiers: ["ES256", "RS256", "EdDSA"] }),
  );
  const created = emulator.createJSON(ORIGIN, {
    rp: { id: RP_ID, name: "Gatehouse" },
    user: { id: USER_HANDLE, name: "jane@example.com", displayName: "Jane" },
    challenge: CHALLENGE,
    pubKeyCredParams: [{ type: "public-key", alg }],
  });
  const used = emulator.getJSON(ORIGIN, { rpId: RP_ID, challenge: CHALLENGE });
  return { created: RegistrationResponse.parse(created), used: AuthenticationResponse.parse(used) };
}

it.each(ALGORITHMS)("an emulated authenticator signs in with COSE algorithm %i", async (alg) => {
  const { created, used } = emulate(alg);

  expect(await refusalOf({ created, used })).toBe(undefined);
  expect(await refusalOf({ created: emulate(alg).created, used })).toBe("id_mismatch");
  expect(await refusalOf({ created, used }, "preferred")).toBe(undefined);
});

/** What python3-fido2 0.9.1 does not check, or leaves to its caller. */
const UNCHECKED: RefusalReason[] = [
  "cross_origin",
  "id_mismatch",
  "invalid_credential_id",
  "unsupported_algorithm",
  "invalid_public_key",
  "invalid_backup_flags",
  "backup_eligibility_changed",
  "wrong_user",
  "malformed_base64url",
];
/** What its parsers read although the specifications refuse it. */
const LENIENT = [
  "a challenge with padding",
  "extensions that are a list",
  "a byte less",
  "a statement 8 levels deep",
  "a length that is not minimal",
  "a number that is not minimal",
  "a 16-bit number that is not minimal",
  "a 32-bit number that is not minimal",
  "undefined",
  "a stray break",
  "a key that occurs twice",
  "a fmt that is a number",
  "a credential",
];

describe.skipIf(!HAS_FIDO2)("python3-fido2 (skipped without version 0.9.1)", () => {
  it("accepts what is accepted here: the vectors of W3C, and every algorithm", async () => {
    const cases: Responses[] = [
      ...vectors.map(({ registration, registrationChallenge, authentication, authenticationChallenge }) => ({
        created: registration,
        used: authentication,
        registration_challenge: registrationChallenge,
        authentication_challenge: authenticationChallenge,
      })),
      ...ALGORITHMS.map(emulate),
    ];
    const refusals = await Promise.all(cases.map((responses) => refusalOf(responses, "preferred")));
    const accepted = cases.filter((_, n) => refusals[n] === undefined);

    expect(accepted.length).toBe(13);
    expect(fido2Accepts(accepted, "preferred")).toEqual(accepted.map(() => true));
  });

  it("refuses every deviation that it checks", async () => {
    const passkey = await createPasskey();
    const created = register(passkey);
    const deviations = [
      ...registrationCases(passkey).map(([title, deviation, reason]) => ({
        title,
        reason,
        created: register(passkey, deviation),
      })),
      ...(await Promise.all(
        assertionCases().map(async ([title, deviation, reason]) => ({
          title,
          reason,
          created,
          used: await authenticate(passkey, deviation),
        })),
      )),
    ];
    const accepted = fido2Accepts(deviations);

    expect(fido2Accepts([{ created, used: await authenticate(passkey) }])).toEqual([true]);
    const disputed = deviations.filter(({ title, reason }, n) => {
      return accepted[n] && !UNCHECKED.includes(reason) && !LENIENT.includes(title);
    });
    expect(disputed.map(({ title }) => title)).toEqual([]);
  });

  it("accepts every changed byte that is accepted here", async () => {
    const { created, used } = emulate(-7);
    const change = (encoded: string, at: number) => {
      const bytes = Buffer.from(encoded, "base64url");
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      return base64url(bytes);
    };
    const cases = [
      ...Array.from(Buffer.from(created.response.attestationObject, "base64url"), (_, at) => ({
        created: {
          ...created,
          response: { ...created.response, attestationObject: change(created.response.attestationObject, at) },
        },
        used,
      })),
      ...(["clientDataJSON", "authenticatorData", "signature"] as const).flatMap((name) =>
        Array.from(Buffer.from(used.response[name], "base64url"), (_, at) => ({
          created,
          used: { ...used, response: { ...used.response, [name]: change(used.response[name], at) } },
        })),
      ),
    ];
    const refusals = await Promise.all(cases.map((responses) => refusalOf(responses)));
    const accepted = fido2Accepts(cases);

    expect(cases.length).toBeGreaterThan(400);
    expect(cases.filter((_, n) => refusals[n] === undefined && !accepted[n])).toEqual([]);
  });
});

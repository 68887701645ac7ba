/**
 * Registration of a credential (WebAuthn L3 §7.1).
 *
 * Attestation is not requested, so that its statement is neither verified nor trusted: the AAGUID
 * is a hint for display. The caller has to refuse a credential id that is registered already.
 */
import type { RegistrationResponseJSON } from "../../contract/webauthn.ts";
import { checkAuthenticatorData, parseAuthenticatorData } from "./authenticator-data.ts";
import { decodeCbor } from "./cbor.ts";
import { type Ceremony, fromBase64url } from "./ceremony.ts";
import { checkClientData } from "./client-data.ts";
import { type CoseAlgorithm, toStoredKey } from "./public-key.ts";
import { attempt, check, type Verified } from "./refusal.ts";

export interface RegistrationCeremony extends Ceremony {
  /** True if the browser registers by itself after a password sign-in, without a gesture. */
  conditional?: boolean;
}

export interface RegisteredCredential {
  /** In base64url. */
  credentialId: string;
  /** The JSON of a JWK. */
  publicKey: string;
  algorithm: CoseAlgorithm;
  signCount: number;
  backupEligible: boolean;
  backedUp: boolean;
  userVerified: boolean;
  /** The model of the authenticator as a UUID, all zeros if unknown. Anyone can claim one. */
  aaguid: string;
  transports: string[];
}

/** Verifies a response to `navigator.credentials.create()` of the shape that the schema checks. */
export const verifyRegistration = (
  { id, rawId, response }: RegistrationResponseJSON,
  ceremony: RegistrationCeremony,
): Promise<Verified<RegisteredCredential>> =>
  attempt(async () => {
    check(id === rawId, "id_mismatch");
    checkClientData(response.clientDataJSON, "webauthn.create", ceremony);

    const { credential, ...data } = parseAuthenticatorData(authenticatorDataOf(response.attestationObject));
    checkAuthenticatorData(data, ceremony);
    check(data.userPresent || ceremony.conditional === true, "user_not_present");
    check(credential !== undefined, "malformed_authenticator_data");
    check(credential.id.toString("base64url") === id, "id_mismatch");

    return {
      credentialId: id,
      ...(await toStoredKey(credential.publicKey)),
      signCount: data.signCount,
      backupEligible: data.backupEligible,
      backedUp: data.backedUp,
      userVerified: data.userVerified,
      aaguid: credential.aaguid,
      transports: response.transports ?? [],
    };
  });

/** Takes the authenticator data out of an attestation object (§6.5.4) in any format. */
function authenticatorDataOf(attestationObject: string): Buffer {
  const attestation = decodeCbor(fromBase64url(attestationObject));
  check(attestation instanceof Map, "malformed_attestation");
  const data = attestation.get("authData");
  const isComplete = typeof attestation.get("fmt") === "string" && attestation.has("attStmt");
  check(isComplete && data instanceof Uint8Array, "malformed_attestation");
  return data;
}

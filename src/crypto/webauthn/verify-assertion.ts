/**
 * Authentication by a credential (WebAuthn L3 §7.2).
 *
 * The caller finds the credential by the id of the response, spends the challenge, and stores the
 * new counter on condition that it has not changed since.
 */
import type { AuthenticationResponseJSON } from "../../contract/webauthn.ts";
import { sha256 } from "../sha256.ts";
import { checkAuthenticatorData, parseAuthenticatorData } from "./authenticator-data.ts";
import { type Ceremony, fromBase64url } from "./ceremony.ts";
import { checkClientData } from "./client-data.ts";
import { isSignedBy } from "./public-key.ts";
import { attempt, check, type Verified } from "./refusal.ts";
import type { RegisteredCredential } from "./verify-registration.ts";

export interface StoredCredential
  extends Pick<RegisteredCredential, "credentialId" | "publicKey" | "algorithm" | "signCount" | "backupEligible"> {
  /** The `user.id` of the account's options, in base64url. */
  userHandle: string;
}

export interface AssertionCeremony extends Ceremony {
  stored: StoredCredential;
  /** True if nothing but the response tells who signs in. It has to have a user handle then. */
  discoverable: boolean;
}

export interface VerifiedAssertion {
  signCount: number;
  backedUp: boolean;
  userVerified: boolean;
}

/** Verifies a response to `navigator.credentials.get()` of the shape that the schema checks. */
export const verifyAssertion = (
  { id, rawId, response }: AuthenticationResponseJSON,
  { stored, discoverable, ...ceremony }: AssertionCeremony,
): Promise<Verified<VerifiedAssertion>> =>
  attempt(async () => {
    check(id === rawId && id === stored.credentialId, "id_mismatch");
    const userHandle = response.userHandle ?? (discoverable ? "" : stored.userHandle);
    check(userHandle === stored.userHandle, "wrong_user");
    const clientData = checkClientData(response.clientDataJSON, "webauthn.get", ceremony);

    const signed = fromBase64url(response.authenticatorData);
    const data = parseAuthenticatorData(signed);
    checkAuthenticatorData(data, ceremony);
    check(data.userPresent, "user_not_present");
    check(data.credential === undefined, "malformed_authenticator_data");
    check(data.backupEligible === stored.backupEligible, "backup_eligibility_changed");

    const signature = fromBase64url(response.signature);
    const message = Buffer.concat([signed, sha256(clientData)]);
    check(await isSignedBy(stored.publicKey, stored.algorithm, signature, message), "invalid_signature");

    // A copy of the credential may be in use. Authenticators without a counter always send zero.
    const { signCount, backedUp, userVerified } = data;
    check(signCount > stored.signCount || (signCount === 0 && stored.signCount === 0), "counter_not_increased");
    return { signCount, backedUp, userVerified };
  });

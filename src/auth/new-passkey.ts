/**
 * New passkeys: the options that a browser creates one with, and the check of its response.
 *
 * Used by registration and by the account. It stores nothing and spends no challenge.
 */
import type { RegistrationOptionsJSON, RegistrationResponseJSON } from "../contract/webauthn.ts";
import { CHALLENGE_TTL_SECONDS, type Challenge, createChallenge } from "../crypto/webauthn/challenges.ts";
import { ALGORITHMS } from "../crypto/webauthn/public-key.ts";
import { userHandleOf } from "../crypto/webauthn/user-handle.ts";
import { verifyRegistration } from "../crypto/webauthn/verify-registration.ts";
import type { Deps } from "../deps.ts";
import type { PasskeyRow } from "../storage/factors.ts";
import { nameOfAuthenticator } from "./authenticators.ts";
import { type ceremonyOf, methodsOf, toDescriptor } from "./passkeys.ts";

interface Wanted extends Pick<Challenge, "purpose" | "subject"> {
  /** The account, and what the browser calls it. */
  user: { id: string; name: string };
  /** The passkeys that it has. */
  existing?: Pick<PasskeyRow, "id" | "transports">[];
  /** True if the passkey has to sign in without a password. */
  signsInAlone: boolean;
}

/** Creates the options of `navigator.credentials.create()`. */
export function creationOptions(
  { config, tokens, now }: Deps,
  { purpose, subject, user, existing = [], signsInAlone }: Wanted,
): RegistrationOptionsJSON {
  const need = signsInAlone ? "required" : "preferred";
  return {
    challenge: createChallenge(tokens.challengeKeys, { purpose, subject }, now()),
    rp: { id: config.RP_ID, name: config.BRAND_NAME ?? config.RP_ID },
    user: { id: userHandleOf(user.id), name: user.name, displayName: user.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: CHALLENGE_TTL_SECONDS * 1000,
    attestation: "none",
    authenticatorSelection: { residentKey: need, userVerification: need },
    excludeCredentials: existing.map(toDescriptor),
    extensions: { credProps: true },
  };
}

const DEFAULT_NAME = "Passkey";

/** A verified new passkey. */
export interface NewPasskey {
  passkey: PasskeyRow;
  /** The methods that its creation has proven (RFC 8176). */
  amr: string[];
}

/**
 * Verifies the response to such options. Returns undefined if it is refused. The caller compares
 * the subject of the challenge.
 */
export async function verifyNewPasskey(
  deps: Deps,
  credential: RegistrationResponseJSON,
  { ceremony }: NonNullable<ReturnType<typeof ceremonyOf>>,
  { userId, name, signsInAlone }: { userId: string; name: string | undefined; signsInAlone: boolean },
): Promise<NewPasskey | undefined> {
  const userVerification = signsInAlone ? "required" : "preferred";
  const registered = await verifyRegistration(credential, { ...ceremony, userVerification });
  if (!registered.ok) return undefined;

  const { credentialId, userVerified, ...state } = registered.value;
  const firstFactor = userVerified && credential.clientExtensionResults?.credProps?.rk !== false;
  if (signsInAlone && !firstFactor) return undefined;
  const passkey = {
    ...state,
    id: credentialId,
    userId,
    firstFactor,
    name: name ?? nameOfAuthenticator(state.aaguid) ?? DEFAULT_NAME,
    createdAt: deps.now(),
    lastUsedAt: null,
  };
  return { passkey, amr: methodsOf(registered.value) };
}

/**
 * Passkeys: the options that a browser asks an authenticator with, and the check of its response.
 *
 * Used wherever a passkey proves somebody. It does not spend challenges: the batch of the act does.
 */
import { covers } from "../config/origins.ts";
import type {
  AuthenticationOptionsJSON,
  AuthenticationResponseJSON,
  CredentialDescriptorJSON,
} from "../contract/webauthn.ts";
import {
  CHALLENGE_TTL_SECONDS,
  type Challenge,
  type ChallengePurpose,
  createChallenge,
  verifyChallenge,
} from "../crypto/webauthn/challenges.ts";
import { readClientData } from "../crypto/webauthn/client-data.ts";
import type { CoseAlgorithm } from "../crypto/webauthn/public-key.ts";
import { userHandleOf } from "../crypto/webauthn/user-handle.ts";
import { verifyAssertion } from "../crypto/webauthn/verify-assertion.ts";
import type { Deps } from "../deps.ts";
import type { FactorUse, PasskeyRow } from "../storage/factors.ts";

/** What a passkey shows: who uses it, and when it is used up. */
export interface ProvenPasskey {
  /** RFC 8176. `mfa` is among them if the authenticator verified its user. */
  amr: string[];
  use: FactorUse;
}

/** How a response of an authenticator is checked. */
interface Expectation {
  purpose: ChallengePurpose;
  /** The subject of the challenge. */
  subject: string;
  /** True for the only proof of a sign-in: the authenticator must verify its user. */
  isFirstFactor: boolean;
  /** As one of two factors: requires user verification of a passkey that supports it. */
  verifiesUser?: boolean;
}

/**
 * Creates the options of `navigator.credentials.get()`. If they name no passkeys, the browser
 * offers those that it knows.
 */
export const authenticationOptions = (
  { config, tokens, now }: Deps,
  { purpose, subject, isFirstFactor, verifiesUser = false }: Expectation,
  passkeys: Pick<PasskeyRow, "id" | "transports" | "firstFactor">[] = [],
): AuthenticationOptionsJSON => ({
  challenge: createChallenge(tokens.challengeKeys, { purpose, subject }, now()),
  rpId: config.RP_ID,
  timeout: CHALLENGE_TTL_SECONDS * 1000,
  userVerification:
    isFirstFactor || (verifiesUser && passkeys.every(({ firstFactor }) => firstFactor)) ? "required" : "preferred",
  allowCredentials: passkeys.map(toDescriptor),
});

export const toDescriptor = ({ id, transports }: Pick<PasskeyRow, "id" | "transports">): CredentialDescriptorJSON => ({
  id,
  type: "public-key",
  transports,
});

/**
 * Returns the values that a response must have, or undefined if its challenge has another purpose.
 */
export function ceremonyOf(
  { config, tokens, now }: Deps,
  clientDataJSON: string,
  purpose: ChallengePurpose,
): { challenge: Challenge; ceremony: { challenge: string; origins: string[]; rpId: string } } | undefined {
  const { challenge: text = "", origin = "" } = readClientData(clientDataJSON) ?? {};
  const challenge = verifyChallenge(tokens.challengeKeys, text, purpose, now());
  if (!challenge) return undefined;
  const isAllowed = origin === config.ISSUER || config.ALLOWED_ORIGINS.some((entry) => covers(entry, origin));
  return { challenge, ceremony: { challenge: text, origins: isAllowed ? [origin] : [], rpId: config.RP_ID } };
}

/** Verifies that a passkey answered a challenge. Returns undefined if it did not. */
export async function verifyPasskey(
  deps: Deps,
  credential: AuthenticationResponseJSON,
  passkey: PasskeyRow | undefined,
  { purpose, subject, isFirstFactor, verifiesUser = false }: Expectation,
): Promise<ProvenPasskey | undefined> {
  const given = ceremonyOf(deps, credential.response.clientDataJSON, purpose);
  if (!passkey || given?.challenge.subject !== subject) return undefined;
  const { id, publicKey, algorithm, signCount, backupEligible, userId } = passkey;
  const verified = await verifyAssertion(credential, {
    ...given.ceremony,
    userVerification: isFirstFactor || (verifiesUser && passkey.firstFactor) ? "required" : "preferred",
    discoverable: isFirstFactor,
    stored: {
      credentialId: id,
      publicKey,
      algorithm: algorithm as CoseAlgorithm,
      signCount,
      backupEligible,
      userHandle: userHandleOf(userId),
    },
  });
  if (!verified.ok) return undefined;

  const { userVerified, ...state } = verified.value;
  return {
    // Nobody proved another factor when a key began to verify its user.
    amr: methodsOf({ backupEligible, userVerified: userVerified && passkey.firstFactor }),
    use: {
      factor: "passkey",
      id,
      signCount: state.signCount,
      backedUp: state.backedUp,
      challenge: { id: given.challenge.id, expiresAt: given.challenge.expiresAt },
    },
  };
}

/**
 * Returns the methods of a passkey (RFC 8176). One that can be backed up is not bound to hardware.
 */
export const methodsOf = ({ backupEligible, userVerified }: { backupEligible: boolean; userVerified: boolean }) => [
  backupEligible ? "swk" : "hwk",
  ...(userVerified ? ["user", "mfa"] : []),
];

/**
 * New second factors: what adding one needs, in a session or at a sign-in that has to add one. It
 * stores nothing: the batch of the act does.
 */
import type { RecoveryCodes } from "../contract/factors.ts";
import type { RegistrationOptionsJSON, RegistrationResponseJSON } from "../contract/webauthn.ts";
import { createRecoveryCodes, digestOfRecoveryCode } from "../crypto/recovery-codes.ts";
import { seal, unseal } from "../crypto/sealing.ts";
import { createTotpSecret, matchTotp, totpUri } from "../crypto/totp.ts";
import { CHALLENGE_TTL_SECONDS, type Challenge, createChallenge } from "../crypto/webauthn/challenges.ts";
import { ALGORITHMS } from "../crypto/webauthn/public-key.ts";
import { userHandleOf } from "../crypto/webauthn/user-handle.ts";
import { verifyRegistration } from "../crypto/webauthn/verify-registration.ts";
import type { Deps } from "../deps.ts";
import type { PasskeyRow } from "../storage/factors.ts";
import { nameOfAuthenticator } from "./authenticators.ts";
import { ceremonyOf, methodsOf, toDescriptor } from "./passkeys.ts";

/** Tests whether `MFA_POLICY` asks for a second factor of accounts with these roles. */
export const requiresFactor = ({ config: { MFA_POLICY } }: Pick<Deps, "config">, roles: string[]): boolean =>
  Array.isArray(MFA_POLICY) ? MFA_POLICY.some((role) => roles.includes(role)) : MFA_POLICY;

/** How an account is named in an app or an authenticator. */
interface Names {
  id: string;
  email: string | null;
  username: string | null;
  phone: string | null;
}

const nameOf = ({ id, email, username, phone }: Names) => email ?? username ?? phone ?? id;

/** Creates a secret, also sealed for this user. */
export async function createSealedSecret({ config }: Deps, userId: string) {
  const secret = createTotpSecret();
  return { secret, sealed: await seal(config.PEPPER, userId, secret) };
}

/** The `otpauth:` address of a secret. */
export const uriOf = ({ config: { BRAND_NAME, ISSUER } }: Deps, secret: string, user: Names) =>
  totpUri(secret, { issuer: BRAND_NAME ?? new URL(ISSUER).hostname, account: nameOf(user) });

/** Returns the time step of the first code of an app, or undefined if the code is wrong. */
export async function matchFirstCode({ config, now }: Deps, userId: string, sealed: string, code: string) {
  const secret = await unseal(config.PEPPER, userId, sealed);
  return secret === undefined ? undefined : matchTotp(secret, code, { now: now(), lastStep: null });
}

/** Creates recovery codes, with the digests to store. */
export function newRecoveryCodes({ config }: Deps, userId: string): RecoveryCodes & { digests: string[] } {
  const codes = createRecoveryCodes();
  return { recovery_codes: codes, digests: codes.map((code) => digestOfRecoveryCode(config.PEPPER[0], userId, code)) };
}

type CreatedFor = Pick<Challenge, "purpose" | "subject">;

/** Creates the options of `navigator.credentials.create()`. */
export function registrationOptions(
  { config, tokens, now }: Deps,
  user: Names,
  createdFor: CreatedFor,
  existing: Pick<PasskeyRow, "id" | "transports">[] = [],
): RegistrationOptionsJSON {
  const name = nameOf(user);
  return {
    challenge: createChallenge(tokens.challengeKeys, createdFor, now()),
    rp: { id: config.RP_ID, name: config.BRAND_NAME ?? config.RP_ID },
    user: { id: userHandleOf(user.id), name, displayName: name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: CHALLENGE_TTL_SECONDS * 1000,
    attestation: "none",
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    excludeCredentials: existing.map(toDescriptor),
    extensions: { credProps: true },
  };
}

/** Verifies a new passkey of this user. Returns undefined if it is not one for the options. */
export async function verifyNewPasskey(
  deps: Deps,
  userId: string,
  { credential, name }: { credential: RegistrationResponseJSON; name?: string | undefined },
  { purpose, subject }: CreatedFor,
): Promise<{ passkey: PasskeyRow; amr: string[] } | undefined> {
  const given = ceremonyOf(deps, credential.response.clientDataJSON, purpose);
  if (given?.challenge.subject !== subject) return undefined;
  const registered = await verifyRegistration(credential, { ...given.ceremony, userVerification: "preferred" });
  if (!registered.ok) return undefined;

  const { credentialId, userVerified, ...state } = registered.value;
  return {
    passkey: {
      ...state,
      id: credentialId,
      userId,
      firstFactor: userVerified && credential.clientExtensionResults?.credProps?.rk !== false,
      name: name ?? nameOfAuthenticator(state.aaguid) ?? DEFAULT_NAME,
      createdAt: deps.now(),
      lastUsedAt: null,
    },
    amr: [...methodsOf(registered.value), "mfa"],
  };
}

const DEFAULT_NAME = "Passkey";

/**
 * New second factors: what adding one needs, in a session or at a sign-in that has to add one. It
 * stores nothing: the batch of the act does.
 */
import type { RecoveryCodes } from "../contract/factors.ts";
import { createRecoveryCodes, digestOfRecoveryCode } from "../crypto/recovery-codes.ts";
import { seal, unseal } from "../crypto/sealing.ts";
import { createTotpSecret, matchTotp, totpUri } from "../crypto/totp.ts";
import type { Deps } from "../deps.ts";

/** Tests whether `MFA_POLICY` asks for a second factor of accounts with these roles. */
export const requiresFactor = ({ config: { MFA_POLICY } }: Pick<Deps, "config">, roles: string[]): boolean =>
  Array.isArray(MFA_POLICY) ? MFA_POLICY.some((role) => roles.includes(role)) : MFA_POLICY;

/** The possible names of an account in an app or an authenticator. */
interface Names {
  id: string;
  email: string | null;
  username: string | null;
  phone: string | null;
}

export const nameOf = ({ id, email, username, phone }: Names) => email ?? username ?? phone ?? id;

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

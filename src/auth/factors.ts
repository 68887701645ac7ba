/**
 * Proofs of a second factor: what a request may give, and whether it is right.
 *
 * Used by the second step of a sign-in and by re-authentication. It does not count failures and
 * does not use a proof up: the batch of the act does.
 */
import * as z from "zod/mini";
import type { AuthenticationResponseJSON } from "../contract/webauthn.ts";
import { digestOfRecoveryCode, parseRecoveryCode } from "../crypto/recovery-codes.ts";
import { seal, unseal } from "../crypto/sealing.ts";
import { matchTotp } from "../crypto/totp.ts";
import type { Challenge } from "../crypto/webauthn/challenges.ts";
import type { Deps } from "../deps.ts";
import { text } from "../schemas/text.ts";
import { toCode } from "../schemas/typed.ts";
import type { FactorKeys, FactorUse, FoundProof } from "../storage/factors.ts";
import { newNotice } from "./after-commit.ts";
import { verifyPasskey } from "./passkeys.ts";

/** A code of an authenticator app, in any spelling. */
export const TotpCode = z.string().check(
  z.overwrite((typed) => toCode(typed, 6)),
  z.regex(/^\d{6}$/, "Must be six digits."),
);

/** A code of an authenticator app, or a recovery code. */
export const FactorCode = text({ max: 64 }).check(
  z.refine((typed) => parseFactorCode(typed) !== undefined, "Must be a code of six digits, or a recovery code."),
);

type ParsedCode = { totp: string } | { recoveryCode: string };

/** Recovery codes first: a group of six digits in one is not a code of an app. */
function parseFactorCode(typed: string): ParsedCode | undefined {
  const recoveryCode = parseRecoveryCode(typed);
  if (recoveryCode) return { recoveryCode };
  const totp = toCode(typed, 6);
  return totp ? { totp } : undefined;
}

/** A proof of a second factor, as a request gives it. */
export interface FactorProof {
  code?: string | undefined;
  credential?: AuthenticationResponseJSON | undefined;
}

/** Tests whether a proof can be guessed: wrong codes must not lock out a passkey. */
export const isGuessable = ({ code }: FactorProof): boolean => code !== undefined;

/** The purpose and subject that the challenge of a passkey must have. */
export type ChallengedFor = Pick<Challenge, "purpose" | "subject"> & { verifiesUser?: boolean };

/** A proof that is right. */
export interface ProvenFactor {
  /** The methods that it adds (RFC 8176). */
  amr: string[];
  /** For the batch of the act, which has to use it up. */
  use: FactorUse;
}

/** Returns what the database has to find for this proof. */
export function factorKeys({ config }: Deps, userId: string, { code = "", credential }: FactorProof): FactorKeys {
  const parsed = parseFactorCode(code);
  const typed = parsed && "recoveryCode" in parsed ? parsed.recoveryCode : "";
  const digests = config.PEPPER.map((pepper) => digestOfRecoveryCode(pepper, userId, typed));
  return { digests, credentialId: credential?.id };
}

/** Verifies a proof of this user. Returns undefined if it is wrong or was used. */
export async function verifyFactor(
  deps: Deps,
  userId: string,
  { code, credential }: FactorProof,
  found: FoundProof,
  challengedFor: ChallengedFor,
): Promise<ProvenFactor | undefined> {
  if (credential) {
    const proven = await verifyPasskey(deps, credential, found.passkey, { ...challengedFor, isFirstFactor: false });
    // The second of two factors, whether the authenticator verified its user or not.
    return proven && { ...proven, amr: [...new Set([...proven.amr, "mfa"])] };
  }
  const parsed = code === undefined ? undefined : parseFactorCode(code);
  if (!parsed) return undefined;
  if ("totp" in parsed) return found.totp && verifyTotp(deps, userId, parsed.totp, found.totp);
  if (!found.recoveryCode) return undefined;
  const notice = newNotice(deps, "recovery-code-used", userId);
  return { amr: ["otp", "mfa"], use: { factor: "recovery_code", ...found.recoveryCode, notice } };
}

async function verifyTotp(
  { config: { PEPPER }, now }: Deps,
  userId: string,
  code: string,
  { secret: sealed, lastStep }: NonNullable<FoundProof["totp"]>,
): Promise<ProvenFactor | undefined> {
  const secret = await unseal(PEPPER, userId, sealed);
  const step = secret === undefined ? undefined : matchTotp(secret, code, { now: now(), lastStep });
  if (secret === undefined || step === undefined) return undefined;
  const isCurrent = (await unseal([PEPPER[0]], userId, sealed)) !== undefined;
  const resealed = isCurrent ? undefined : await seal(PEPPER, userId, secret);
  return { amr: ["otp", "mfa"], use: { factor: "totp", step, resealed } };
}

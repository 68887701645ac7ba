import * as z from "zod/mini";
import type { SecretPurpose } from "../contract/messages.ts";
import { matchesCode } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import { err, ok, type Result } from "../result.ts";
import { toCode } from "../schemas/typed.ts";
import { type CodeHolder, type OpenSecret, recordCodeAttempt } from "../storage/secrets.ts";
import { logEvent } from "./after-commit.ts";
import { lockoutError } from "./lockout.ts";

/** A one-time code, in digits of any script, in groups, or pasted with the words around it. */
export const Otp = z.string().check(
  z.overwrite((typed) => toCode(typed, 6)),
  z.regex(/^\d{6}$/, "Must be six digits."),
);

/** A code that resets the password: eight digits by mail, six by text message. */
export const ResetOtp = z.string().check(
  z.overwrite((typed) => toCode(typed, 6, 8)),
  z.regex(/^(\d{6}|\d{8})$/, "Must be six or eight digits."),
);

/** How a code to this address authenticates (RFC 8176). */
export const amrOfCode = (address: string): string => (address.includes("@") ? "otp" : "sms");

/**
 * Checks a code and returns its secret, which the act still has to use.
 *
 * Errors: `invalid_code`, also after too many attempts at it; `too_many_attempts` after failures in
 * a row; `unauthenticated` if the holder is a session that has ended.
 */
export async function checkCode(
  deps: Deps,
  purposes: SecretPurpose[],
  holder: CodeHolder,
  code: string,
): Promise<Result<OpenSecret>> {
  const checked = await checkCodeOf(deps, purposes, holder, code);
  return checked.ok ? ok(checked.value.secret) : checked;
}

/** As `checkCode`. Also returns the user. */
export async function checkCodeOf(deps: Deps, purposes: SecretPurpose[], holder: CodeHolder, code: string) {
  const audit = deps.audit();
  const { lockout, user, codes } = await recordCodeAttempt(deps.db, purposes, holder, audit);
  const userId = user?.id ?? null;
  if (!userId && "sessionId" in holder) return err("unauthenticated");
  const locked = lockoutError(deps, lockout, audit.at, userId);
  if (locked) return locked;

  const matching = codes.find((open) => matchesCode(deps.config.PEPPER, open, code, open.digest));
  if (user && matching) return ok({ user, secret: matching });

  logEvent(deps, "otp_failed", userId);
  return err("invalid_code");
}

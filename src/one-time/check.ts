import * as z from "zod";
import { matchesCode } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import { lockoutError } from "../lockout.ts";
import { err, ok, type Result } from "../result.ts";
import { type CodeHolder, type OpenSecret, type Purpose, recordCodeAttempt } from "../storage/one-time-secrets.ts";

/** A one-time code as somebody types it. */
export const Otp = z.string().regex(/^\d{6}$/, "Must be six digits.");

/** The open secret that this code is, which the act that it is for has yet to use up. `invalid_code` when it is none, or
 *  was tried too often; `too_many_attempts` after failures in a row; `unauthenticated` when its holder's session has ended. */
export async function checkCode(
  deps: Deps,
  purpose: Purpose,
  holder: CodeHolder,
  code: string,
): Promise<Result<OpenSecret>> {
  const audit = deps.audit();
  const { lockout, userId, codes } = await recordCodeAttempt(deps.db, purpose, holder, audit);
  if (!userId && "sessionId" in holder) return err("unauthenticated");
  const blocked = lockoutError(deps, lockout, audit.at, userId);
  if (blocked) return blocked;

  const matching = codes.find((open) => matchesCode(deps.config.PEPPER, open, code, open.digest));
  if (matching) return ok(matching);

  deps.logSecurityEvent("code_failed", userId);
  return err("invalid_code");
}

import type { Factors } from "../contract/factors.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import type { Deps } from "../deps.ts";
import { err, ok, type Result } from "../result.ts";
import { findOwnFactors } from "../storage/factors.ts";

/** Says what the user of a session can sign in with. Errors: `unauthenticated`. */
export async function ownFactors(deps: Deps, session: SessionRef): Promise<Result<Factors>> {
  const found = await findOwnFactors(deps.db, session, deps.now());
  if (!found) return err("unauthenticated");
  const { hasPassword, totpConfirmedAt, passkeyCount, recoveryCodesLeft } = found;
  return ok({
    password: Boolean(hasPassword),
    totp: totpConfirmedAt === null ? null : { confirmed_at: new Date(totpConfirmedAt).toISOString() },
    passkeys: passkeyCount,
    recovery_codes_left: recoveryCodesLeft,
  });
}

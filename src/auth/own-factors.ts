import type { Factors } from "../contract/factors.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { isMultiFactor } from "../crypto/tokens.ts";
import type { Deps } from "../deps.ts";
import { err, ok, type Result } from "../result.ts";
import { cancelOwnFactorRemoval } from "../storage/factor-removals.ts";
import { findOwnFactors } from "../storage/factors.ts";
import { afterCommit } from "./after-commit.ts";

/** Says what the user of a session can sign in with. Errors: `unauthenticated`. */
export async function ownFactors(deps: Deps, session: SessionRef): Promise<Result<Factors>> {
  const found = await findOwnFactors(deps.db, session, deps.now());
  if (!found) return err("unauthenticated");
  const { hasPassword, totpConfirmedAt, passkeyCount, recoveryCodesLeft, removalDueAt, identityCount } = found;
  return ok({
    password: Boolean(hasPassword),
    totp: totpConfirmedAt === null ? null : { confirmed_at: new Date(totpConfirmedAt).toISOString() },
    passkeys: passkeyCount,
    identities: identityCount,
    recovery_codes_left: recoveryCodesLeft,
    removal_due_at: removalDueAt === null ? null : new Date(removalDueAt).toISOString(),
  });
}

/**
 * Cancels the removal of the user's second factors, which an administrator asked for.
 *
 * Errors: `unauthenticated`; `reauthentication_required` if the session was not authenticated with
 * two factors; `not_found` if no removal waits.
 */
export async function keepOwnFactors(deps: Deps, session: SessionRef): Promise<Result> {
  const { amr, isCanceled } = await cancelOwnFactorRemoval(deps.db, session, deps.audit());
  if (!amr) return err("unauthenticated");
  if (!isMultiFactor(amr)) return { ...err("reauthentication_required"), acr: "aal2" };
  if (!isCanceled) return err("not_found");
  afterCommit(deps, { event: "factor_removal_canceled", userId: session.userId });
  return ok();
}

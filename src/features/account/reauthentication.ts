import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { addReauthenticationFailure } from "../../storage/audit-events.ts";
import type { SessionRef } from "../../storage/liveness.ts";
import { findSessionCredentials, type UserRow } from "../../storage/users.ts";
import { blockOf } from "../../throttle.ts";

/** Asks for the password once more, before what a stolen access token must not do. `unauthenticated` when the session
 *  has ended, `invalid_credentials` when the password is wrong, `too_many_attempts` after failures in a row. What follows
 *  must ask again whether guesses are blocked: many may have come at once. */
export async function reauthenticate(deps: Deps, ref: SessionRef, password: string): Promise<Result<UserRow>> {
  const stamp = deps.stamp();
  const { throttle, user } = await findSessionCredentials(deps.db, ref, stamp);
  if (!user) return err("unauthenticated");
  const blocked = blockOf(deps, throttle, stamp.at, user.id);
  if (blocked) return blocked;

  const matches = await deps.passwords.verify(password, user.passwordHash);
  if (!matches.ok) return matches;
  if (matches.value) return ok(user);

  const failedAt = deps.stamp();
  const before = await addReauthenticationFailure(deps.db, ref, failedAt);
  deps.report("reauthentication_failed", user.id);
  return blockOf(deps, before, failedAt.at, user.id) ?? err("invalid_credentials");
}

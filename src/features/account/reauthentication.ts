import type { Deps } from "../../deps.ts";
import { lockoutError } from "../../lockout.ts";
import { type Err, err, ok, type Result } from "../../result.ts";
import { addReauthenticationFailure } from "../../storage/audit-events.ts";
import type { SessionRef } from "../../storage/session-conditions.ts";
import { findSessionCredentials, type UserRow } from "../../storage/users.ts";

/** Asks for the password once more, before what a stolen access token must not do. `unauthenticated` when the session
 *  has ended, `invalid_credentials` when the password is wrong, `too_many_attempts` after failures in a row. Many may have
 *  come at once: what follows has to ask again whether guesses are blocked, first of all. */
export async function reauthenticate(deps: Deps, ref: SessionRef, password: string): Promise<Result<UserRow>> {
  const user = await findActor(deps, ref);
  if (!user.ok) return user;
  return (await refuseWrongPassword(deps, ref, user.value, password)) ?? user;
}

/** The user whose password is to be asked for. */
export async function findActor(deps: Deps, ref: SessionRef): Promise<Result<UserRow>> {
  const now = deps.now();
  const { lockout, user } = await findSessionCredentials(deps.db, ref, now);
  if (!user) return err("unauthenticated");
  return lockoutError(deps, lockout, now, user.id) ?? ok(user);
}

/** Compares the password, and counts a wrong one. */
export async function refuseWrongPassword(
  deps: Deps,
  ref: SessionRef,
  user: UserRow,
  password: string,
): Promise<Err | undefined> {
  const matches = await deps.passwords.verify(password, user.passwordHash);
  if (!matches.ok) return matches;
  if (matches.value) return undefined;

  const audit = deps.audit();
  const blocked = lockoutError(deps, await addReauthenticationFailure(deps.db, ref, audit), audit.at, user.id);
  if (blocked) return blocked;

  deps.logSecurityEvent("reauthentication_failed", user.id);
  return err("invalid_credentials");
}

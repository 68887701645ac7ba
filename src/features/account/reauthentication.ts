import type { AccessClaims } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { addReauthenticationFailure } from "../../storage/audit-events.ts";
import { findSessionUser, type UserRow } from "../../storage/users.ts";

/** Asks for the password once more, before what a stolen access token must not do. `unauthenticated` when the session
 *  has ended, `invalid_credentials` when the password is wrong. */
export async function reauthenticate(
  deps: Deps,
  { sub: userId, sid: sessionId }: AccessClaims,
  password: string,
): Promise<Result<UserRow>> {
  const user = await findSessionUser(deps.db, { userId, sessionId }, deps.now());
  if (!user) return err("unauthenticated");

  const matches = await deps.passwords.verify(password, user.passwordHash);
  if (!matches.ok) return matches;
  if (matches.value) return ok(user);

  await addReauthenticationFailure(deps.db, deps.stamp(), sessionId);
  return err("invalid_credentials");
}

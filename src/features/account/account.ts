import type { AccessClaims } from "../../crypto/tokens.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { toUser, type User } from "../../schemas/user.ts";
import { findSessionUser } from "../../storage/users.ts";

/** The user whose session this is. `unauthenticated` when the session has ended or the account is gone or disabled.
 *  A replica may not yet know a session that has just begun, so only the primary says no. */
export async function currentUser(deps: Deps, { sub, sid }: AccessClaims): Promise<Result<User>> {
  const user =
    (await findSessionUser(deps.replica, sub, sid, deps.now())) ??
    (await findSessionUser(deps.db, sub, sid, deps.now()));
  return user ? ok(toUser(user)) : err("unauthenticated");
}

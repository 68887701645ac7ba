/** Users as other Workers look them up. */
import * as z from "zod/mini";
import type { User } from "../../contract/user.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { toUser, UserId } from "../../schemas/user.ts";
import { findUsers } from "../../storage/users.ts";

const MAX_USERS = 100;

export const OneUser = z.strictObject({ id: UserId });
export const SeveralUsers = z.strictObject({ ids: z.array(UserId).check(z.maxLength(MAX_USERS)) });

/** Finds the user with this id. Errors: `not_found`. */
export async function getUser(deps: Deps, { id }: z.infer<typeof OneUser>): Promise<Result<User>> {
  const [user] = await findAll(deps, [id]);
  return user ? ok(toUser(user)) : err("not_found");
}

/** Finds the users with these ids, in no particular order. Unknown ids are left out. */
export async function getUsers(deps: Deps, { ids }: z.infer<typeof SeveralUsers>): Promise<Result<User[]>> {
  const users = await findAll(deps, [...new Set(ids)]);
  return ok(users.map(toUser));
}

/** Asks the replica, which may lag, and the primary if the replica does not know all of them. */
async function findAll({ db, replica }: Deps, ids: string[]) {
  const nearby = await findUsers(replica, ids);
  return nearby.length === ids.length ? nearby : findUsers(db, ids);
}

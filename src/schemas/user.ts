import * as z from "zod/mini";
import type { Identity } from "../contract/factors.ts";
import type * as contract from "../contract/user.ts";
import type { IdentityRow } from "../storage/identities.ts";
import type { UserRow } from "../storage/users.ts";
import { toProfile } from "./profile.ts";

export const UserId = z.string().check(z.minLength(1), z.maxLength(64));

const MAX_ROLES = 20;
const Role = z.string().check(z.regex(/^[a-z][a-z0-9:_.-]{0,63}$/, "Must be a lowercase name such as `editor`."));
/** A list of roles, sorted and without duplicates. */
export const Roles = z.pipe(
  z.array(Role).check(z.maxLength(MAX_ROLES)),
  z.transform((roles) => [...new Set(roles)].sort()),
);

/** Maps a row to the response. */
export const toUser = (row: UserRow): contract.User => ({
  id: row.id,
  email: row.email,
  email_verified: row.emailVerifiedAt !== null,
  phone: row.phone,
  phone_verified: row.phoneVerifiedAt !== null,
  username: row.username,
  ...toProfile(row),
  roles: row.roles,
  created_at: new Date(row.createdAt).toISOString(),
  updated_at: new Date(row.updatedAt).toISOString(),
});

/** Maps a row to the response. */
export const toIdentity = ({ id, provider, email, linkedAt, lastUsedAt }: IdentityRow): Identity => ({
  id,
  provider,
  email,
  linked_at: new Date(linkedAt).toISOString(),
  last_used_at: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
});

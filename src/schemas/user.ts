import * as z from "zod";
import type * as contract from "../contract/user.ts";
import type { UserRow } from "../storage/users.ts";
import type { ResponseFields } from "./contract-fields.ts";
import { storedProfileFields, toProfile } from "./profile.ts";

export const UserId = z.string().min(1).max(64);

const MAX_ROLES = 20;
const Role = z.string().regex(/^[a-z][a-z0-9:_.-]{0,63}$/, "Must be a lowercase name such as `editor`.");
/** A list of roles, sorted and without duplicates. */
export const Roles = z
  .array(Role)
  .max(MAX_ROLES)
  .transform((roles) => [...new Set(roles)].sort());

/** An account as its owner sees it. */
export const User = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  email_verified: z.boolean(),
  phone: z.string().nullable(),
  phone_verified: z.boolean(),
  username: z.string().nullable(),
  ...storedProfileFields,
  roles: z.array(z.string()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
} satisfies ResponseFields<contract.User>);

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

import * as z from "zod";
import type { UserRow } from "../storage/users.ts";

export const UserId = z.string().min(1).max(64);

const MAX_ROLES = 20;
const Role = z.string().regex(/^[a-z][a-z0-9:_.-]{0,63}$/, "Must be a lower-case name such as `editor`.");
/** Each once, in order. */
export const Roles = z
  .array(Role)
  .max(MAX_ROLES)
  .transform((roles) => [...new Set(roles)].sort());

/** A user as its owner sees it over the wire. What is absent is null. */
export const User = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  email_verified: z.boolean(),
  phone: z.string().nullable(),
  phone_verified: z.boolean(),
  username: z.string().nullable(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  contact: z.enum(["email", "phone"]).nullable(),
  short_description: z.string().nullable(),
  locale: z.string().nullable(),
  roles: z.array(z.string()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type User = z.infer<typeof User>;

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    email_verified: row.emailVerifiedAt !== null,
    phone: row.phone,
    phone_verified: row.phoneVerifiedAt !== null,
    username: row.username,
    first_name: row.firstName,
    last_name: row.lastName,
    contact: row.contact,
    short_description: row.shortDescription,
    locale: row.locale,
    roles: row.roles,
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
  };
}

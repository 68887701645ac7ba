/**
 * Auth0: the export of password hashes (NDJSON, from its support), with or without the fields of
 * the user export.
 */
import * as z from "zod/mini";
import { format } from "./format.ts";
import { disabledSince, flag, moment, text, toIdentities, toTime, toUsername } from "./values.ts";

const Row = z.object({
  _id: z.optional(z.object({ $oid: z.string() })),
  user_id: text,
  email: text,
  email_verified: flag,
  /** As older exports spell it. */
  emailVerified: flag,
  passwordHash: text,
  username: text,
  phone_number: text,
  phone_verified: flag,
  given_name: text,
  family_name: text,
  blocked: flag,
  created_at: moment,
  identities: z.nullish(z.array(z.object({ provider: z.string(), user_id: z.union([z.string(), z.number()]) }))),
});

export const auth0 = format(Row, (row) => ({
  // The user export prefixes the id of the database.
  id: row.user_id ?? (row._id && `auth0|${row._id.$oid}`) ?? "",
  email: row.email,
  email_verified: row.email_verified ?? row.emailVerified ?? false,
  phone: row.phone_number,
  phone_verified: row.phone_verified,
  username: toUsername(row.username),
  first_name: row.given_name,
  last_name: row.family_name,
  password_hash: row.passwordHash,
  created_at: toTime(row.created_at),
  disabled_at: disabledSince(row.blocked),
  identities: toIdentities(row.identities?.map(({ provider, user_id }) => ({ provider, subject: user_id }))),
}));

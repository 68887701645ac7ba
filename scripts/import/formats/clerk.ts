/** Clerk: the CSV export of its dashboard. */
import * as z from "zod/mini";
import { format } from "./format.ts";
import { text } from "./values.ts";

const Row = z.object({
  id: z.string(),
  first_name: text,
  last_name: text,
  username: text,
  primary_email_address: text,
  primary_phone_number: text,
  verified_email_addresses: text,
  unverified_email_addresses: text,
  verified_phone_numbers: text,
  unverified_phone_numbers: text,
  totp_secret: text,
  password_digest: text,
  password_hasher: text,
});

const listOf = (addresses: string | null | undefined) =>
  (addresses ?? "")
    .split(/[\s,;|]+/)
    .filter(Boolean)
    .map((address) => address.toLowerCase());

export const clerk = format(
  Row,
  (row) => {
    const [emails, phones] = [listOf(row.verified_email_addresses), listOf(row.verified_phone_numbers)];
    // Without a primary address, the first verified one, or else the first.
    const email = row.primary_email_address ?? emails[0] ?? listOf(row.unverified_email_addresses)[0];
    const phone = row.primary_phone_number ?? phones[0] ?? listOf(row.unverified_phone_numbers)[0];
    return {
      id: row.id,
      email,
      email_verified: emails.includes(email?.toLowerCase() ?? ""),
      phone,
      phone_verified: phones.includes(phone?.toLowerCase() ?? ""),
      username: row.username,
      first_name: row.first_name,
      last_name: row.last_name,
      password_hash: row.password_digest,
      totp: row.totp_secret ? { secret: row.totp_secret } : undefined,
    };
  },
  { csv: true },
);

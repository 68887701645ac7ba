/** better-auth: rows of `user`, each with its rows of `account` as `accounts`. */
import * as z from "zod/mini";
import { format } from "./format.ts";
import { disabledSince, moment, splitName, text, toIdentities, toTime, toUsername } from "./values.ts";

/** SQLite has no boolean. */
const bit = z.nullish(z.union([z.boolean(), z.literal([0, 1])]));

const Row = z.object({
  id: z.union([z.string(), z.number()]),
  name: text,
  email: text,
  emailVerified: bit,
  username: text,
  phoneNumber: text,
  phoneNumberVerified: bit,
  /** One role, or several separated by commas. */
  role: text,
  banned: bit,
  createdAt: moment,
  updatedAt: moment,
  accounts: z.nullish(
    z.array(z.object({ providerId: z.string(), accountId: z.union([z.string(), z.number()]), password: text })),
  ),
});

/** Its default hash. Others are written in their own form. */
const DEFAULT_HASH = /^([\da-f]{32}):([\da-f]{128})$/;

export const betterAuth = format(Row, ({ accounts, ...row }) => ({
  id: String(row.id),
  email: row.email,
  email_verified: Boolean(row.emailVerified),
  phone: row.phoneNumber,
  phone_verified: Boolean(row.phoneNumberVerified),
  username: toUsername(row.username),
  ...splitName(row.name),
  roles: (row.role ?? "").split(",").filter((role) => role !== "" && role !== "user"),
  disabled_at: disabledSince(Boolean(row.banned)),
  created_at: toTime(row.createdAt),
  updated_at: toTime(row.updatedAt),
  password_hash: accounts
    ?.find(({ providerId }) => providerId === "credential")
    ?.password?.replace(DEFAULT_HASH, "$better-auth$$$1$$$2"),
  identities: toIdentities(
    accounts?.map(({ providerId, accountId }) => ({ provider: providerId, subject: accountId })),
  ),
}));

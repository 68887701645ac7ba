/** The ways in of an account: its owner cannot remove the last one. */
import { and, eq, exists, isNotNull, ne, or, sql } from "drizzle-orm";
import { passkeys, passwords, users } from "../../drizzle/schema.ts";
import type { LoginMethod } from "../contract/factors.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import type { Db } from "./db.ts";

/** What the owner is about to remove. */
interface Removed {
  password?: true;
  /** The id of a passkey. */
  passkey?: string;
  address?: AddressKind;
}

/**
 * Matches the user if one of these methods still signs in without what is removed: a password, a
 * passkey that signs in alone, or a code to a proven address. An unproven one may be mistyped.
 */
export function keepsWayIn(db: Db, userId: string, methods: LoginMethod[], removed: Removed) {
  const passkey = and(
    eq(passkeys.userId, userId),
    eq(passkeys.firstFactor, true),
    removed.passkey === undefined ? undefined : ne(passkeys.id, removed.passkey),
  );
  const byCode = (kind: AddressKind) => (removed.address === kind ? undefined : isNotNull(users[`${kind}VerifiedAt`]));
  const ways = {
    password: removed.password
      ? undefined
      : exists(db.select({ id: passwords.userId }).from(passwords).where(eq(passwords.userId, userId))),
    passkey: exists(db.select({ id: passkeys.id }).from(passkeys).where(passkey)),
    email_code: byCode("email"),
    phone_code: byCode("phone"),
  };
  return or(sql`false`, ...methods.map((method) => ways[method]));
}

/** The ways in of an account: its owner cannot remove the last one. */
import { and, eq, exists, inArray, isNotNull, ne, or } from "drizzle-orm";
import { identities, passkeys, passwords, users } from "../../drizzle/schema.ts";
import type { LoginMethod } from "../contract/factors.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import type { Db } from "./db.ts";

/** The ways that the service offers now. Others open nothing. */
export interface OfferedWays {
  methods: LoginMethod[];
  /** The ids of identity providers. */
  providers: string[];
}

/** The way in that the owner removes. */
interface Removed {
  password?: true;
  /** The id of a passkey. */
  passkey?: string;
  /** The id of an identity. */
  identity?: string;
  address?: AddressKind;
}

/**
 * Matches the user if one of the offered ways signs in without what is removed: a password, a
 * passkey that signs in alone, a code to a proven address, or an identity. An unproven address may
 * be mistyped.
 */
export function keepsWayIn(db: Db, userId: string, { methods, providers }: OfferedWays, removed: Removed) {
  const passkey = and(
    eq(passkeys.userId, userId),
    eq(passkeys.firstFactor, true),
    removed.passkey === undefined ? undefined : ne(passkeys.id, removed.passkey),
  );
  const identity = and(
    eq(identities.userId, userId),
    inArray(identities.provider, providers),
    removed.identity === undefined ? undefined : ne(identities.id, removed.identity),
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
  const hasIdentity = exists(db.select({ id: identities.id }).from(identities).where(identity));
  return or(hasIdentity, ...methods.map((method) => ways[method]));
}

/** As `keepsWayIn`, to say why a change was refused. */
export async function findOtherWayIn(db: Db, userId: string, offered: OfferedWays, removed: Removed): Promise<boolean> {
  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), keepsWayIn(db, userId, offered, removed)));
  return found.length === 1;
}

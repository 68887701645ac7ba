/** What signs a user in without anything else. The last of these ways cannot be removed. */
import { and, eq, exists, inArray, ne, or, type SQL } from "drizzle-orm";
import { identities, passkeys, passwords, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";

/** The ways that the service offers now. Others open nothing. */
export interface OfferedWays {
  password: boolean;
  passkey: boolean;
  /** The ids of identity providers. */
  providers: string[];
}

/** The credential that a change removes, which no longer counts. */
type Removed = { password: true } | { passkey: string } | { identity: string };

/** Tests whether something else than a removed credential signs this user in. */
export function hasOtherWayIn(db: Db, userId: string, offered: OfferedWays, removed: Removed): SQL | undefined {
  const isOther = {
    passkey: "passkey" in removed ? ne(passkeys.id, removed.passkey) : undefined,
    identity: "identity" in removed ? ne(identities.id, removed.identity) : undefined,
  };
  const hasPassword = exists(db.select({ id: passwords.userId }).from(passwords).where(eq(passwords.userId, userId)));
  const hasPasskey = exists(
    db
      .select({ id: passkeys.id })
      .from(passkeys)
      .where(and(eq(passkeys.userId, userId), eq(passkeys.firstFactor, true), isOther.passkey)),
  );
  const hasIdentity = exists(
    db
      .select({ id: identities.id })
      .from(identities)
      .where(and(eq(identities.userId, userId), inArray(identities.provider, offered.providers), isOther.identity)),
  );
  return or(
    ...(offered.password && !("password" in removed) ? [hasPassword] : []),
    ...(offered.passkey ? [hasPasskey] : []),
    hasIdentity,
  );
}

/** As `hasOtherWayIn`, to say why a change was refused. */
export async function findOtherWayIn(db: Db, userId: string, offered: OfferedWays, removed: Removed): Promise<boolean> {
  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), hasOtherWayIn(db, userId, offered, removed)));
  return found.length === 1;
}

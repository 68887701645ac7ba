/**
 * Taking an account clean: what it loses when the owner of an address proves it and no address of
 * the account was proven before. Somebody else may have registered it, and waits for its owner.
 *
 * This is the only list of what such a person may have left. The acts raise the version of the
 * credentials, which voids what was proven under the old one, and void links and codes.
 */
import { and, eq, ne, sql } from "drizzle-orm";
import { apiKeys, passwords, sessions, users } from "../../drizzle/schema.ts";
import type { AddressKind } from "../contract/identifiers.ts";
import { nothingIsProven } from "./address-conditions.ts";
import type { Db } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { dropRemovalStatement, removeUnprovenFactorsStatements } from "./factor-removals.ts";
import { forgetFactorFailuresStatement } from "./lockouts.ts";
import type { OpenSecret } from "./secrets.ts";
import { userExists } from "./session-conditions.ts";
import { revokeApiKeysStatements, revokeSessionsStatements } from "./session-revocation.ts";

/** Tests whether the account loses this address, because another one proves it first. */
const drops = (kind: AddressKind, address: string) => sql`(${nothingIsProven} and ${users[kind]} <> ${address})`;

/** The columns of the account when this address is the first proven one. */
export const cleanedColumns = (address: string) => ({
  email: sql`iif(${drops("email", address)}, null, ${users.email})`,
  phone: sql`iif(${drops("phone", address)}, null, ${users.phone})`,
  contact: sql`iif(${drops("email", address)} or ${drops("phone", address)}, null, ${users.contact})`,
});

interface Taking {
  audit: AuditContext;
  /** A condition on the user. */
  where: Parameters<typeof userExists>[1];
  /** A session that goes on. */
  except?: string;
}

/**
 * Removes the password, the second factors, the API keys and the sessions of a user, and records
 * the address that `cleanedColumns` removes, if no address is proven and `where` holds. In a batch
 * it goes above the change of the user.
 */
export function takeCleanStatements(
  db: Db,
  { userId, address }: Pick<OpenSecret, "userId" | "address">,
  { audit, where, except = "" }: Taking,
) {
  const isTaken = userExists(db, and(eq(users.id, userId), nothingIsProven, where));
  const isDropped = (kind: AddressKind) => and(isTaken, ne(users[kind], address));
  return {
    emailEvent: insertUserEventStatement(db, "email_removed", { userId, audit, where: isDropped("email") }),
    phoneEvent: insertUserEventStatement(db, "phone_removed", { userId, audit, where: isDropped("phone") }),
    ...removeUnprovenFactorsStatements(db, userId, isTaken),
    removalDropped: dropRemovalStatement(db, userId, isTaken),
    factorFailuresForgotten: forgetFactorFailuresStatement(db, userId, isTaken),
    ...revokeApiKeysStatements(db, audit.at, and(eq(apiKeys.userId, userId), isTaken)),
    passwordRemoved: db.delete(passwords).where(and(eq(passwords.userId, userId), isTaken)),
    ...revokeSessionsStatements(db, "session_revoked", {
      audit,
      where: and(eq(sessions.userId, userId), ne(sessions.id, except), isTaken),
    }),
  };
}

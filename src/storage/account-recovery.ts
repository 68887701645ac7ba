import { and, eq, sql } from "drizzle-orm";
import { factorRemovals, oneTimeSecrets, users } from "../../drizzle/schema.ts";
import { nothingIsProven } from "./address-conditions.ts";
import { removeCredential } from "./credential-change.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { hasFactor, isDue, removalExists, removeFactorsStatements } from "./factor-removals.ts";
import type { LockoutKey } from "./lockout-subjects.ts";
import { clearFailuresStatement, forgetFactorFailuresStatement } from "./lockouts.ts";
import type { NewNotice } from "./notices.ts";
import { invalidateSecretsStatement, isSecretHolder, type OpenSecret } from "./secrets.ts";
import { userExists } from "./session-conditions.ts";
import { endedIn, type RevokedSession } from "./session-revocation.ts";
import { cleanedColumns, takeCleanStatements } from "./taken-clean.ts";

/**
 * Uses a code that was sent instead of one that resets the password: verifies the phone number that
 * it was sent to. If no address was proven before, the account is taken clean
 * (`takeCleanStatements`). Voids every link and code. Returns the revoked sessions, or undefined if
 * the code is no longer open.
 */
export async function recoverByPhone(
  db: Db,
  secret: OpenSecret,
  guess: LockoutKey,
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const { userId, address } = secret;
  const target = isSecretHolder(db, secret, audit.at);
  const isAllowed = userExists(db, target);
  const { verified, ...results } = await batch(db, {
    cleared: clearFailuresStatement(db, guess, isAllowed),
    event: insertUserEventStatement(db, "phone_verified", { userId, audit, where: isAllowed }),
    ...takeCleanStatements(db, secret, { audit, where: target }),
    verified: db
      .update(users)
      .set({
        credentialVersion: sql`${users.credentialVersion} + iif(${nothingIsProven}, 1, 0)`,
        ...cleanedColumns(address),
        phoneVerifiedAt: sql`coalesce(${users.phoneVerifiedAt}, ${audit.at})`,
        updatedAt: audit.at,
      })
      .where(and(target, eq(users.phone, address)))
      .returning({ id: users.id }),
    // Last: the statements above test whether the secret is open.
    voided: invalidateSecretsStatement(db, { at: audit.at, where: and(eq(oneTimeSecrets.userId, userId), isAllowed) }),
  });
  return verified.length === 1 ? endedIn(results) : undefined;
}

/**
 * Removes the second factors of a user whose removal is due, revokes every session and voids every
 * link and code. Returns false if it was canceled, or nothing was left to remove. An account that
 * has no password gets one by a reset, like any account whose password is lost.
 */
export async function removeLostFactors(
  db: Db,
  userId: string,
  notice: NewNotice,
  audit: AuditContext,
): Promise<boolean> {
  const due = removalExists(db, userId, isDue(audit.at));
  const removal = {
    event: "factors_removed" as const,
    notice,
    where: and(due, hasFactor(db, userId)),
    also: () => ({
      forgotten: forgetFactorFailuresStatement(db, userId, due),
      ...removeFactorsStatements(db, userId, due),
      // Last: the statements above test whether it is due.
      done: db.delete(factorRemovals).where(and(eq(factorRemovals.userId, userId), isDue(audit.at))),
    }),
  };
  return (await removeCredential(db, userId, removal, audit)) !== undefined;
}

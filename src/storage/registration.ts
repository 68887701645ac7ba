import { eq, notExists, sql } from "drizzle-orm";
import { passkeys, spentChallenges, users } from "../../drizzle/schema.ts";
import type { IdentifierKind } from "../contract/identifiers.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { isUsed, type PasskeyRow, type SpentChallenge } from "./factors.ts";
import { insertPasskeyStatement } from "./passkeys.ts";
import { replaceRecoveryCodesStatements } from "./recovery-codes.ts";
import { userExists } from "./session-conditions.ts";
import { holdersStatement, takenIdentifiers, type UserRow } from "./users.ts";

interface FirstPasskey {
  passkey: PasskeyRow;
  /** The digests of its recovery codes. */
  digests: string[];
  /** The challenge that it was created for. It is spent in any case. */
  challenge: SpentChallenge;
}

/**
 * Creates an account that signs in with a passkey. Returns which of its identifiers belong to other
 * accounts, or why the passkey is refused; nothing is created then. Of N concurrent calls for one
 * challenge one succeeds.
 *
 * The unique indexes decide about the identifiers, also between racing requests.
 */
export async function createPasskeyUser(
  db: Db,
  user: UserRow,
  { passkey, digests, challenge }: FirstPasskey,
  audit: AuditContext,
): Promise<{ taken: IdentifierKind[]; refused?: "invalid_passkey" | "passkey_exists" }> {
  const usedBy = crypto.randomUUID();
  const { id, signCount, backedUp } = passkey;
  const use = { factor: "passkey", id, signCount, backedUp, challenge } as const;
  const isFirstUse = isUsed(db, use, { userId: user.id, sessionId: usedBy });
  const isNew = notExists(db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.id, passkey.id)));
  // The id of the user belongs to the challenge, so no earlier request has created this account.
  const isCreated = sql`(${isFirstUse} and ${userExists(db, eq(users.id, user.id))})`;
  const { spent, created, holders } = await batch(db, {
    spent: db
      .insert(spentChallenges)
      .values({ ...challenge, usedBy })
      .onConflictDoNothing()
      .returning({ id: spentChallenges.id }),
    created: insertSelect(db, users, user, sql`where ${isFirstUse} and ${isNew}`)
      .onConflictDoNothing()
      .returning({ id: users.id }),
    holders: holdersStatement(db, user),
    passkey: insertPasskeyStatement(db, passkey, isCreated),
    ...replaceRecoveryCodesStatements(db, user.id, digests, { at: audit.at, where: isCreated }),
    event: insertUserEventStatement(db, "registered", { userId: user.id, audit, where: isCreated }),
  });
  if (created.length === 1) return { taken: [] };
  if (spent.length === 0) return { taken: [], refused: "invalid_passkey" };
  const taken = takenIdentifiers(user, holders);
  return taken.length > 0 ? { taken } : { taken, refused: "passkey_exists" };
}

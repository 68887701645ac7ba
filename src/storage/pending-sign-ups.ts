/**
 * Sign-ups by a code. The account is created when its owner types the code or opens the link, so
 * nobody can register the address of another person, and an address that nobody proves leaves no
 * account. A request replaces the older one for its address.
 */
import { and, eq, exists, gt, lt, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, pendingSignUps, users } from "../../drizzle/schema.ts";
import { addressKindOf } from "./addresses.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { countMessageStatements, isCounted, type MessageLimits, type RequestedMessage } from "./message-budgets.ts";
import type { Stale } from "./purge.ts";
import { MAX_ATTEMPTS, MAX_ATTEMPTS_IN_ALL } from "./secrets.ts";
import { userExists } from "./session-conditions.ts";
import type { UserRow } from "./users.ts";

const HOUR_MILLISECONDS = 3_600_000;

export type PendingSignUp = Pick<typeof pendingSignUps.$inferSelect, "id" | "address" | "digest" | "browserDigest">;
const PENDING = {
  id: pendingSignUps.id,
  address: pendingSignUps.address,
  digest: pendingSignUps.digest,
  browserDigest: pendingSignUps.browserDigest,
};

const isOpen = (now: number) => gt(pendingSignUps.expiresAt, now);
const hasOldCount = (now: number) => lte(pendingSignUps.countedSince, now - HOUR_MILLISECONDS);
const hasAttemptsLeft = (now: number) => or(hasOldCount(now), lt(pendingSignUps.recentAttempts, MAX_ATTEMPTS_IN_ALL));

interface NewSignUp extends PendingSignUp {
  requestedAt: number;
  expiresAt: number;
}

/**
 * Issues the code of a sign-up, unless a budget is used up, a newer one was requested or an account
 * has the address. Returns whether to send it. `isCodeOnly`: no link is sent with it.
 */
export async function issueSignUp(
  db: Db,
  signUp: NewSignUp,
  { message, limits, isCodeOnly }: { message: RequestedMessage; limits: MessageLimits; isCodeOnly: boolean },
  audit: AuditContext,
): Promise<boolean> {
  const { id, address, digest, browserDigest, requestedAt, expiresAt } = signUp;
  const isFree = notExists(
    db
      .select({ id: users.id })
      .from(users)
      .where(eq(users[addressKindOf(address)], address)),
  );
  const exhausted = db
    .select({ id: pendingSignUps.id })
    .from(pendingSignUps)
    .where(and(eq(pendingSignUps.address, address), sql`not ${hasAttemptsLeft(audit.at)}`));
  const row = { ...signUp, attempts: 0, recentAttempts: 0, countedSince: 0 };
  const { issued } = await batch(db, {
    ...countMessageStatements(db, message, limits, audit, and(isFree, isCodeOnly ? notExists(exhausted) : undefined)),
    inserted: insertSelect(db, pendingSignUps, row, sql`where ${and(isCounted(db, id), isFree)}`).onConflictDoUpdate({
      target: pendingSignUps.address,
      set: {
        id,
        digest,
        browserDigest,
        requestedAt,
        expiresAt,
        // A repeated delivery is the same code.
        attempts: sql`iif(${pendingSignUps.id} = ${id}, ${pendingSignUps.attempts}, 0)`,
      },
      setWhere: lte(pendingSignUps.requestedAt, requestedAt),
    }),
    issued: db
      .select({ id: pendingSignUps.id })
      .from(pendingSignUps)
      .where(and(eq(pendingSignUps.address, address), eq(pendingSignUps.id, id), isOpen(audit.at))),
  });
  return issued.length === 1;
}

/** Counts an attempt at the code of a sign-up if `where` holds, and returns it for comparison. */
export const countSignUpAttemptStatement = (db: Db, address: string, where: SQL | undefined, now: number) =>
  db
    .update(pendingSignUps)
    .set({
      attempts: sql`${pendingSignUps.attempts} + 1`,
      recentAttempts: sql`iif(${hasOldCount(now)}, 1, ${pendingSignUps.recentAttempts} + 1)`,
      countedSince: sql`iif(${hasOldCount(now)}, ${now}, ${pendingSignUps.countedSince})`,
    })
    .where(
      and(
        eq(pendingSignUps.address, address),
        isOpen(now),
        lt(pendingSignUps.attempts, MAX_ATTEMPTS),
        hasAttemptsLeft(now),
        where,
      ),
    )
    .returning(PENDING);

/** Selects the sign-up of a link. */
export const signUpByLinkStatement = (db: Db, digest: string, now: number) =>
  db
    .select(PENDING)
    .from(pendingSignUps)
    .where(and(eq(pendingSignUps.digest, digest), isOpen(now)));

/**
 * Creates the account of a sign-up whose code is right. The code is stored as used, like those of
 * accounts. Nothing happens if it was used or replaced, or an account has the address by now.
 */
export function signUpStatements(
  db: Db,
  { id, userId, address }: { id: string; userId: string; address: string },
  user: UserRow,
  { usedBy, audit }: { usedBy: string; audit: AuditContext },
) {
  const isPending = and(eq(pendingSignUps.id, id), eq(pendingSignUps.address, address), isOpen(audit.at));
  const pending = exists(db.select({ id: pendingSignUps.id }).from(pendingSignUps).where(isPending));
  // The id of the user is new, so no other request has created this account.
  const isCreated = userExists(db, eq(users.id, userId));
  const { at } = audit;
  const secret = {
    id,
    userId,
    purpose: "login-code",
    address,
    digest: sql`${pendingSignUps.digest}`,
    requestedBy: "anyone",
    requestedAt: sql`${pendingSignUps.requestedAt}`,
    expiresAt: sql`${pendingSignUps.expiresAt}`,
    spentAt: at,
    attempts: sql`${pendingSignUps.attempts}`,
    lastAttemptAt: at,
    browserDigest: null,
    usedBy,
  } as const;
  return {
    created: insertSelect(db, users, user, sql`where ${pending}`).onConflictDoNothing(),
    registered: insertUserEventStatement(db, "registered", { userId, audit }),
    codeUsed: insertSelect(db, oneTimeSecrets, secret, sql`from ${pendingSignUps} where ${and(isPending, isCreated)}`)
      .onConflictDoNothing()
      .returning({ id: oneTimeSecrets.id }),
    signedUp: db.delete(pendingSignUps).where(and(isPending, isCreated)),
  };
}

/** Sign-ups that have expired and whose attempts no longer count. */
export const staleSignUps = (now: number): Stale => ({
  table: pendingSignUps,
  where: lt(pendingSignUps.expiresAt, now - HOUR_MILLISECONDS),
});

/**
 * The second factors of accounts: authenticator apps, passkeys and recovery codes.
 *
 * It says which ones an account has, finds what a proof names, and uses a proof up: of concurrent
 * uses of one code or challenge, one succeeds. It does not verify proofs.
 */
import { and, eq, exists, gt, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import {
  factorRemovals,
  identities,
  passkeys,
  passwords,
  recoveryCodes,
  sessions,
  spentChallenges,
  totps,
  users,
} from "../../drizzle/schema.ts";
import type { SecondFactor } from "../contract/factors.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { cancelRemovalStatements } from "./factor-removals.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import type { Stale } from "./purge.ts";
import { isActive, isEnabled, isSession } from "./session-conditions.ts";

export type PasskeyRow = typeof passkeys.$inferSelect;

/** Columns that say which factors a user has. For a select from `users` with a join. */
export const factorColumns = {
  totpConfirmedAt: sql<number | null>`(select ${totps.confirmedAt} from ${totps} where ${totps.userId} = ${users.id})`,
  passkeyCount: sql<number>`(select count(*) from ${passkeys} where ${passkeys.userId} = ${users.id})`,
  recoveryCodesLeft: sql<number>`(select count(*) from ${recoveryCodes}
    where ${recoveryCodes.userId} = ${users.id} and ${recoveryCodes.spentAt} is null)`,
};

/** How many identities a user has. For the same selects. */
export const identityCount = sql<number>`(select count(*) from ${identities} where ${identities.userId} = ${users.id})`;

export interface FactorCounts {
  totpConfirmedAt: number | null;
  passkeyCount: number;
  recoveryCodesLeft: number;
}

/** Lists the second factors. Recovery codes replace another factor, so they are none alone. */
export function secondFactorsOf({ totpConfirmedAt, passkeyCount, recoveryCodesLeft }: FactorCounts): SecondFactor[] {
  const factors: SecondFactor[] = [
    ...(totpConfirmedAt !== null ? (["totp"] as const) : []),
    ...(passkeyCount > 0 ? (["passkey"] as const) : []),
  ];
  return factors.length > 0 && recoveryCodesLeft > 0 ? [...factors, "recovery_code"] : factors;
}

/** Finds what the user of an authorized session can sign in with. */
export async function findOwnFactors(db: Db, session: SessionRef, now: number) {
  const [found] = await db
    .select({
      hasPassword: sql<number>`${passwords.userId} is not null`,
      removalDueAt: sql<number | null>`(select ${factorRemovals.dueAt} from ${factorRemovals}
        where ${factorRemovals.userId} = ${users.id})`,
      identityCount,
      ...factorColumns,
    })
    .from(users)
    .innerJoin(sessions, eq(sessions.userId, users.id))
    .leftJoin(passwords, eq(passwords.userId, users.id))
    .where(and(isSession(session), isActive(now), isEnabled));
  return found;
}

/** How long the secret of a new app waits for its first code. */
export const TOTP_SETUP_SECONDS = 600;

/** Names a sign-in in `totps.usedBy`: a change of credentials voids an app that waits. */
export const signInWith = (credentialVersion: number): string => `v${credentialVersion}`;

/** Matches an app that waits for its first code in this session, or at `signInWith`. */
export const isWaiting = (now: number, addedBy: string) =>
  and(isNull(totps.confirmedAt), gt(totps.createdAt, now - TOTP_SETUP_SECONDS * 1000), eq(totps.usedBy, addedBy));

/** The keys by which a proof is looked up. */
export interface FactorKeys {
  /** The digests of a typed recovery code, one for each pepper. */
  digests?: string[] | undefined;
  /** A passkey. */
  credentialId?: string | undefined;
}

/** Selects what a proof of this user is compared with. The same statements for every proof. */
export const proofStatements = (db: Db, userId: SQL | string, { digests = [], credentialId = "" }: FactorKeys) => ({
  totp: db
    .select({ secret: totps.secret, lastStep: totps.lastStep })
    .from(totps)
    .where(and(eq(totps.userId, userId), isNotNull(totps.confirmedAt))),
  recoveryCode: db
    .select({ digest: recoveryCodes.digest })
    .from(recoveryCodes)
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        isNull(recoveryCodes.spentAt),
        sql`${recoveryCodes.digest} in (select value from json_each(${JSON.stringify(digests)}))`,
      ),
    ),
  passkey: db
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.userId, userId), eq(passkeys.id, credentialId))),
});

/** What `proofStatements` found. */
export interface FoundProof {
  totp: { secret: string; lastStep: number | null } | undefined;
  recoveryCode: { digest: string } | undefined;
  passkey: PasskeyRow | undefined;
}

/** The use of a correct proof, which can happen only once. */
export type FactorUse =
  | {
      factor: "totp";
      step: number;
      /** The secret sealed under the first pepper, if it was sealed under an older one. */
      resealed: string | undefined;
    }
  | { factor: "recovery_code"; digest: string; notice: NewNotice }
  | { factor: "passkey"; id: string; signCount: number; backedUp: boolean; challenge: SpentChallenge };

/** A challenge that must not be answered again. */
export interface SpentChallenge {
  id: string;
  /** Unix time in milliseconds. */
  expiresAt: number;
}

interface Use {
  userId: string;
  /** The session that the proof opens or renews. A new id: it tells this use from all others. */
  sessionId: string;
  audit: AuditContext;
  /** The proof is used up only if this holds. */
  where: SQL | undefined;
}

/**
 * Uses a proof up, and cancels a removal: a user who has a factor has not lost it. The statements
 * below it in the batch test `isUsed`.
 */
export const useFactorStatements = (db: Db, use: FactorUse | undefined, by: Use) =>
  use && { ...usedStatements(db, use, by), ...cancelRemovalStatements(db, by.userId, by.audit, isUsed(db, use, by)) };

function usedStatements(db: Db, use: FactorUse, { userId, sessionId, audit, where }: Use) {
  switch (use.factor) {
    case "totp":
      return {
        totpUsed: db
          .update(totps)
          .set({ lastStep: use.step, usedBy: sessionId, ...(use.resealed && { secret: use.resealed }) })
          .where(
            and(
              eq(totps.userId, userId),
              isNotNull(totps.confirmedAt),
              or(isNull(totps.lastStep), lt(totps.lastStep, use.step)),
              where,
            ),
          ),
      };
    case "recovery_code": {
      const isDone = isUsed(db, use, { userId, sessionId });
      return {
        recoveryCodeUsed: db
          .update(recoveryCodes)
          .set({ spentAt: audit.at, usedBy: sessionId })
          .where(
            and(
              eq(recoveryCodes.userId, userId),
              eq(recoveryCodes.digest, use.digest),
              isNull(recoveryCodes.spentAt),
              where,
            ),
          ),
        recoveryCodeNotice: insertNoticeStatement(db, use.notice, { at: audit.at, where: isDone }),
        recoveryCodeEvent: insertUserEventStatement(db, "recovery_code_used", { userId, audit, where: isDone }),
      };
    }
    case "passkey": {
      const isOwn = exists(
        db
          .select({ id: passkeys.id })
          .from(passkeys)
          .where(and(eq(passkeys.id, use.id), eq(passkeys.userId, userId), hasOlderCount(use.signCount))),
      );
      return {
        challengeSpent: insertSelect(
          db,
          spentChallenges,
          { id: use.challenge.id, usedBy: sessionId, expiresAt: use.challenge.expiresAt },
          sql`where ${and(isOwn, where)}`,
        ).onConflictDoNothing(),
        passkeyUsed: db
          .update(passkeys)
          .set({ signCount: use.signCount, backedUp: use.backedUp, lastUsedAt: audit.at })
          .where(and(eq(passkeys.id, use.id), isUsed(db, use, { userId, sessionId }))),
      };
    }
  }
}

/** WebAuthn L3 §7.2, step 22: authenticators without a counter always send zero. */
const hasOlderCount = (signCount: number) =>
  sql`(${passkeys.signCount} < ${signCount} or (${passkeys.signCount} = 0 and ${signCount} = 0))`;

/** Tests whether this use was the one that succeeded. */
export function isUsed(db: Db, use: FactorUse, { userId, sessionId }: Pick<Use, "userId" | "sessionId">) {
  switch (use.factor) {
    case "totp":
      return exists(
        db
          .select({ id: totps.userId })
          .from(totps)
          .where(and(eq(totps.userId, userId), eq(totps.usedBy, sessionId))),
      );
    case "recovery_code":
      return exists(
        db
          .select({ id: recoveryCodes.digest })
          .from(recoveryCodes)
          .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.usedBy, sessionId))),
      );
    case "passkey":
      return exists(
        db
          .select({ id: spentChallenges.id })
          .from(spentChallenges)
          .where(and(eq(spentChallenges.id, use.challenge.id), eq(spentChallenges.usedBy, sessionId))),
      );
  }
}

/** Challenges that have expired. */
export const staleChallenges = (now: number): Stale => ({
  table: spentChallenges,
  where: lt(spentChallenges.expiresAt, now),
});

/**
 * Codes and links that sign in: one secret, which either of the two uses up.
 *
 * It counts attempts at the code, finds the link, and uses the secret up: then the address that it
 * was sent to is proven, and an account none of whose addresses was proven before is taken clean.
 * What follows is decided in `auth/sign-in.ts`.
 */
import { and, eq, exists, inArray, not, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, passwords, users } from "../../drizzle/schema.ts";
import type { EventType } from "../contract/events.ts";
import { nothingIsProven } from "./address-conditions.ts";
import { addressKindOf, verifiedIfSentTo } from "./addresses.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { hasFactor } from "./factor-removals.ts";
import { identityExists, ownedBy } from "./identities.ts";
import type { KnownDevice, LockoutKey } from "./lockout-subjects.ts";
import { clearFailuresStatement, forgiveAttemptStatement, isNotLocked, type Lockout } from "./lockouts.ts";
import { insertNoticeStatement, type NewNotice } from "./notices.ts";
import {
  countSignUpAttemptStatement,
  type PendingSignUp,
  signUpByLinkStatement,
  signUpStatements,
} from "./pending-sign-ups.ts";
import {
  codeAttemptStatements,
  invalidateSecretsStatement,
  isOpen,
  isSecretHolder,
  OPEN_SECRET,
  type OpenSecret,
} from "./secrets.ts";
import { type CredentialProof, isProven, userExists } from "./session-conditions.ts";
import { endedIn, type RevokedSession } from "./session-revocation.ts";
import { accountStatement, type IdentifierGuess, type SignInAccount, toAccount } from "./sign-in-accounts.ts";
import { cleanedColumns, takeCleanStatements } from "./taken-clean.ts";
import { isTrustedDevice } from "./trusted-devices.ts";
import type { UserRow } from "./users.ts";

const PURPOSE = "login-code";

/**
 * Counts an attempt at a code, like `recordCodeAttempt`. Also finds the account, or the sign-up
 * that waits for a code.
 */
export async function recordLoginAttempt(
  db: Db,
  guess: IdentifierGuess,
  audit: AuditContext,
): Promise<{
  lockout: Lockout | undefined;
  account: SignInAccount | undefined;
  codes: OpenSecret[];
  signUp: PendingSignUp | undefined;
}> {
  const { kind, value } = guess.account;
  const { lockout, account, codes, signUps } = await batch(db, {
    signUps: countSignUpAttemptStatement(db, value, isNotLocked(db, guess, audit.at), audit.at),
    ...codeAttemptStatements(db, [PURPOSE], guess, audit),
    account: accountStatement(db, eq(users[kind], value), isTrustedDevice(db, guess.device, audit.at)),
  });
  return { lockout: lockout[0], account: account[0] && toAccount(account[0]), codes, signUp: signUps[0] };
}

/** Finds the open secret of a link by its digest, with the account. Looking it up uses nothing. */
export async function findLoginLink(
  db: Db,
  digest: string,
  { device, now }: { device: KnownDevice | undefined; now: number },
): Promise<{ link: LoginLink; account: SignInAccount } | { signUp: PendingSignUp } | undefined> {
  const isLink = and(eq(oneTimeSecrets.digest, digest), eq(oneTimeSecrets.purpose, PURPOSE), isOpen(now));
  const owner = db.select({ id: oneTimeSecrets.userId }).from(oneTimeSecrets).where(isLink);
  const { link, account, signUps } = await batch(db, {
    link: db
      .select({ ...OPEN_SECRET, browserDigest: oneTimeSecrets.browserDigest })
      .from(oneTimeSecrets)
      .where(isLink),
    account: accountStatement(db, inArray(users.id, owner), isTrustedDevice(db, device, now)),
    signUps: signUpByLinkStatement(db, digest, now),
  });
  const signUp = signUps[0];
  if (link[0] && account[0]) return { link: link[0], account: toAccount(account[0]) };
  return signUp && { signUp };
}

export type LoginLink = OpenSecret & { browserDigest: string | null };

/** A code or link that is right. */
export interface LoginCode extends Pick<OpenSecret, "id" | "userId" | "address"> {
  /** The code was typed, so its attempt was counted. A link is no guess. */
  isTyped: boolean;
  /** No address of the account was proven before. */
  takesClean: boolean;
  /** The event and the notice of what was removed. The notice goes to the proven address. */
  removal?: { event: "password_removed" | "factors_removed" | "identity_unlinked"; notice: NewNotice } | undefined;
  /** The account that the code creates. */
  newUser?: UserRow;
}

interface Use {
  /** The session that the code opens, or a random id of the first of two steps. */
  usedBy: string;
  audit: AuditContext;
}

/**
 * Uses a code up if `where` holds: it is open, and its address still recovers the account, of which
 * as much is proven as was found. Or creates the account of a sign-up. The statements below these
 * test `codeIsUsed`.
 */
export const useCodeStatements = (db: Db, code: LoginCode, use: Use & { where: SQL | undefined }) =>
  code.newUser ? signUpStatements(db, code, code.newUser, use) : { codeUsed: useCodeStatement(db, code, use) };

const useCodeStatement = (db: Db, code: LoginCode, { usedBy, audit, where }: Use & { where: SQL | undefined }) =>
  db
    .update(oneTimeSecrets)
    .set({ spentAt: audit.at, usedBy })
    .where(
      and(
        eq(oneTimeSecrets.id, code.id),
        userExists(
          db,
          and(
            isSecretHolder(db, code, audit.at),
            code.takesClean ? nothingIsProven : not(nothingIsProven as SQL),
            where,
          ),
        ),
      ),
    )
    .returning({ id: oneTimeSecrets.id });

/** Takes a typed code that was right out of the count of all networks, if `where` holds. */
export const forgiveAttemptStatements = (db: Db, code: LoginCode | undefined, guess: LockoutKey, where: SQL) =>
  code?.isTyped ? { forgiven: forgiveAttemptStatement(db, guess, where) } : undefined;

/** Tests whether this use was the one that succeeded. */
export const codeIsUsed = (db: Db, { id }: LoginCode, usedBy: string) =>
  exists(
    db
      .select({ id: oneTimeSecrets.id })
      .from(oneTimeSecrets)
      .where(and(eq(oneTimeSecrets.id, id), eq(oneTimeSecrets.usedBy, usedBy))),
  );

/**
 * Takes an account clean for a used code: verifies the address that it was sent to, and removes the
 * leftovers of other people from the account. All sessions end except the one that the code opens.
 * Undefined if there is nothing to do: once an address is proven, only codes to a proven one are
 * sent.
 */
export function proveAddressStatements(db: Db, code: LoginCode, { usedBy, audit }: Use) {
  const { userId, address, takesClean, removal } = code;
  if (!takesClean) return undefined;
  const isUsed = codeIsUsed(db, code, usedBy);
  const event = (type: EventType, where: SQL | undefined) =>
    insertUserEventStatement(db, type, { userId, audit, where });
  const hasPassword = exists(db.select({ id: passwords.userId }).from(passwords).where(eq(passwords.userId, userId)));
  return {
    verifiedEvent: event(`${addressKindOf(address)}_verified`, isUsed),
    passwordEvent: event("password_removed", and(isUsed, hasPassword)),
    factorsEvent: event("factors_removed", and(isUsed, hasFactor(db, userId))),
    identityEvent: event("identity_unlinked", and(isUsed, identityExists(db, ownedBy(userId)))),
    ...takeCleanStatements(db, code, { audit, where: isUsed, except: usedBy }),
    proven: db
      .update(users)
      .set({
        ...verifiedIfSentTo(address, audit.at),
        ...cleanedColumns(address),
        credentialVersion: sql`${users.credentialVersion} + 1`,
        updatedAt: audit.at,
      })
      .where(and(eq(users.id, userId), isUsed)),
    // Below the change, so that only the proven address gets it.
    ...(removal && { notice: insertNoticeStatement(db, removal.notice, { at: audit.at, where: isUsed }) }),
    secretsVoided: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(eq(oneTimeSecrets.userId, userId), isUsed),
    }),
  };
}

/**
 * Uses a code up as the first of two steps, of which only the second one opens a session. Returns
 * the sessions that ended, or undefined if the code was used or the account changed meanwhile.
 */
export async function useLoginCode(
  db: Db,
  code: LoginCode,
  { guess, credentialVersion }: Pick<CredentialProof, "credentialVersion"> & { guess: LockoutKey },
  audit: AuditContext,
): Promise<RevokedSession[] | undefined> {
  const by = { usedBy: crypto.randomUUID(), audit };
  const results = await batch(db, {
    ...useCodeStatements(db, code, { ...by, where: isProven({ userId: code.userId, credentialVersion }) }),
    cleared: clearFailuresStatement(db, guess, codeIsUsed(db, code, by.usedBy)),
    ...forgiveAttemptStatements(db, code, guess, codeIsUsed(db, code, by.usedBy)),
    ...proveAddressStatements(db, code, by),
  });
  return results.codeUsed.length === 1 ? endedIn(results) : undefined;
}

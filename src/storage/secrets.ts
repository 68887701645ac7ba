import { and, eq, exists, gt, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import type { Requester, SecretPurpose } from "../contract/messages.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { mayRecoverBy } from "./address-conditions.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertEventStatement } from "./events.ts";
import { isOfNetwork } from "./lockout-subjects.ts";
import { countFailureStatements, isNotLocked, type Lockout, lockoutStatement } from "./lockouts.ts";
import type { Stale } from "./purge.ts";
import { isEnabled, sessionIsAuthorized } from "./session-conditions.ts";
import { type CurrentSession, USER_CLAIMS } from "./session-replacement.ts";
import type { IdentifierGuess } from "./sign-in-accounts.ts";

/** Attempts at one code. */
export const MAX_ATTEMPTS = 5;
/** Attempts at all codes of one purpose, account and kind of requester, in an hour or in a day. */
export const MAX_ATTEMPTS_IN_ALL = 10;
/** How much of that strangers can use up at codes that the owner's device requested. */
const STRANGERS_SHARE = 0.6;
/** Open codes of one purpose that an attempt is compared with, newest first: several address
 *  changes may be pending. */
const MAX_COMPARED = 2;
const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 86_400_000;

/**
 * Counts the attempts at the codes of one user, purpose and requester. Attempts at codes that take
 * over the account by a new password count for a day. Each purpose has its own count: strangers who
 * guess at codes that anyone may type do not use up the attempts at codes that need a session of
 * the owner. Codes that the owner requested have their own count too.
 */
function recentAttempts(
  db: Db,
  { userId, purpose, requestedBy }: { userId: SQL | string; purpose: SecretPurpose; requestedBy: SQL | Requester },
  now: number,
): SQL {
  const window = ["password-reset-code", "recovery-verification"].includes(purpose)
    ? DAY_MILLISECONDS
    : HOUR_MILLISECONDS;
  const counted = alias(oneTimeSecrets, "counted");
  const attempts = db
    .select({ attempts: sql`coalesce(sum(${counted.attempts}), 0)` })
    .from(counted)
    .where(
      and(
        sql`${counted.userId} = ${userId}`,
        eq(counted.purpose, purpose),
        sql`${counted.requestedBy} = ${requestedBy}`,
        gt(counted.lastAttemptAt, now - window),
      ),
    );
  return sql`${attempts}`;
}

/** Tests whether another code could be used. A link always can. */
export const hasAttemptsLeft = (
  db: Db,
  code: Parameters<typeof recentAttempts>[1],
  now: number,
  max: SQL | number = MAX_ATTEMPTS_IN_ALL,
) => sql`${recentAttempts(db, code, now)} < ${max}`;

/** The holder of a code: the account with this identifier, or the user of this session. */
export type CodeHolder = IdentifierGuess | SessionRef;

/** A secret that is neither used, replaced nor expired. */
export interface OpenSecret {
  id: string;
  userId: string;
  purpose: SecretPurpose;
  address: string;
  digest: string;
  /** The identifiers of its user. */
  email: string | null;
  phone: string | null;
  username: string | null;
}

interface CodeAttempt {
  /** The lockout as it was before this attempt. */
  lockout: Lockout | undefined;
  /** Undefined without such an account, which takes the same time. */
  user: CurrentSession["user"] | undefined;
  /** Codes to compare with; none while the account is locked. */
  codes: OpenSecret[];
}

/**
 * Counts an attempt at the holder's open codes of these purposes and returns them for comparison.
 * The attempt counts before the comparison, as a failed guess too. If the holder is named by an
 * address, only codes sent to that address are compared.
 */
export async function recordCodeAttempt(
  db: Db,
  purposes: SecretPurpose[],
  holder: CodeHolder,
  audit: AuditContext,
): Promise<CodeAttempt> {
  const { lockout, user, codes } = await batch(db, codeAttemptStatements(db, purposes, holder, audit));
  return { lockout: lockout[0], user: user[0], codes };
}

/** The statements of `recordCodeAttempt`. Those below them no longer see the lockout before it. */
export function codeAttemptStatements(db: Db, purposes: SecretPurpose[], holder: CodeHolder, audit: AuditContext) {
  const isSession = "sessionId" in holder;
  const isHolder = isSession
    ? and(eq(users.id, holder.userId), sessionIsAuthorized(db, holder, audit.at))
    : eq(users[holder.account.kind], holder.account.value);
  const userId = sql`(${db.select({ id: users.id }).from(users).where(isHolder)})`;
  const isStranger = isSession
    ? sql`false`
    : sql`(${oneTimeSecrets.requestedBy} = 'owner' and ${isOfNetwork(db, holder)})`;
  const shareOf = (max: number) => sql`iif(${isStranger}, ${max * STRANGERS_SHARE}, ${max})`;
  const isSentTo =
    isSession || holder.account.kind === "username" ? undefined : eq(oneTimeSecrets.address, holder.account.value);
  const isComparable = and(
    sql`${oneTimeSecrets.userId} = ${userId}`,
    inArray(oneTimeSecrets.purpose, purposes),
    isSentTo,
    isOpen(audit.at),
    lt(oneTimeSecrets.attempts, shareOf(MAX_ATTEMPTS)),
    isNotLocked(db, holder, audit.at),
    or(
      ...purposes.map((purpose) =>
        and(
          eq(oneTimeSecrets.purpose, purpose),
          hasAttemptsLeft(
            db,
            { userId, purpose, requestedBy: sql`${oneTimeSecrets.requestedBy}` },
            audit.at,
            shareOf(MAX_ATTEMPTS_IN_ALL),
          ),
        ),
      ),
    ),
  );
  return {
    lockout: lockoutStatement(db, holder),
    user: db.select(USER_CLAIMS).from(users).where(isHolder),
    event: insertEventStatement(db, "otp_attempted", audit, {
      userId: sql`${users.id}`,
      sessionId: isSession ? holder.sessionId : null,
      source: sql`from ${users} where ${and(isHolder, isNotLocked(db, holder, audit.at))}`,
    }),
    codes: db
      .update(oneTimeSecrets)
      .set({ attempts: sql`${oneTimeSecrets.attempts} + 1`, lastAttemptAt: audit.at })
      .where(
        sql`${oneTimeSecrets.id} in (select ${oneTimeSecrets.id} from ${oneTimeSecrets} where ${isComparable} order by ${oneTimeSecrets.requestedAt} desc limit ${MAX_COMPARED})`,
      )
      .returning(OPEN_SECRET),
    // Last: the statements above test whether the account is locked.
    ...countFailureStatements(db, holder, audit.at, isSession ? sql`${userId} is not null` : undefined),
  };
}

/** Finds the open secret of a link by its digest. */
export async function findLink(
  db: Db,
  purpose: SecretPurpose,
  digest: string,
  now: number,
): Promise<OpenSecret | undefined> {
  const [link] = await db
    .select(OPEN_SECRET)
    .from(oneTimeSecrets)
    .where(and(eq(oneTimeSecrets.digest, digest), eq(oneTimeSecrets.purpose, purpose), isOpen(now)));
  return link;
}

const ofItsUser = (column: typeof users.email | typeof users.phone | typeof users.username) =>
  sql<string | null>`(select ${column} from ${users} where ${users.id} = ${oneTimeSecrets.userId})`;

export const OPEN_SECRET = {
  id: oneTimeSecrets.id,
  userId: oneTimeSecrets.userId,
  purpose: oneTimeSecrets.purpose,
  address: oneTimeSecrets.address,
  digest: oneTimeSecrets.digest,
  email: ofItsUser(users.email).as("email"),
  phone: ofItsUser(users.phone).as("phone"),
  username: ofItsUser(users.username).as("username"),
};

/** Matches secrets that are neither spent nor expired. */
export const isOpen = (now: number) => and(isNull(oneTimeSecrets.spentAt), gt(oneTimeSecrets.expiresAt, now));

/** Tests whether this secret is open. */
export const secretIsOpen = (db: Db, { id }: Pick<OpenSecret, "id">, now: number) =>
  exists(
    db
      .select({ id: oneTimeSecrets.id })
      .from(oneTimeSecrets)
      .where(and(eq(oneTimeSecrets.id, id), isOpen(now))),
  );

/** Matches the enabled user of this secret, if it is open and was sent to an address that recovers
 *  the account. */
export const isSecretHolder = (db: Db, secret: Pick<OpenSecret, "id" | "userId" | "address">, now: number) =>
  and(eq(users.id, secret.userId), isEnabled, mayRecoverBy(secret.address), secretIsOpen(db, secret, now));

/** Invalidates the open secrets that match `where`. */
export const invalidateSecretsStatement = (db: Db, { at, where }: { at: number; where: SQL | undefined }) =>
  db
    .update(oneTimeSecrets)
    .set({ spentAt: at })
    .where(and(where, isNull(oneTimeSecrets.spentAt)));

/** Secrets that are expired and whose attempts no longer count. */
export const staleSecrets = (now: number): Stale => ({
  table: oneTimeSecrets,
  where: lt(oneTimeSecrets.expiresAt, now - DAY_MILLISECONDS),
});

import { and, eq, exists, gt, isNull, lt, ne, notExists, notInArray, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import { ADDRESS_CHANGES, type SecretPurpose } from "../contract/messages.ts";
import type { SessionRef } from "../contract/session-ref.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertEventStatement, insertUserEventStatement } from "./events.ts";
import { countFailureStatement, type IdentifierKey, isNotLocked, type Lockout, lockoutStatement } from "./lockouts.ts";
import { countMessageStatements, isCounted, type MessageLimits, type RequestedMessage } from "./message-budgets.ts";
import type { Stale } from "./purge.ts";
import { isEnabled, sessionIsAuthorized } from "./session-conditions.ts";

/** Attempts at one code. */
const MAX_ATTEMPTS = 5;
/** Attempts at all codes of an account. */
const MAX_ATTEMPTS_AN_HOUR = 10;
/** Open codes of one purpose that an attempt is compared with, newest first: several address
 *  changes may be pending. */
const MAX_COMPARED = 2;
const HOUR_MILLISECONDS = 3_600_000;

interface NewSecret {
  /** The id of the queue's message that asked for it. */
  id: string;
  userId: string;
  purpose: SecretPurpose;
  address: string;
  /** E.164 calling code if the address is a phone number. */
  callingCode: string | null;
  /** The budget that its message counts against. */
  budget: RequestedMessage["kind"];
  digest: string;
  /** When that message was queued. */
  requestedAt: number;
  expiresAt: number;
}

/**
 * Issues a secret and voids the older ones of its purpose, unless a budget is used up or a newer
 * one was issued. Returns whether to send it.
 *
 * A repeated delivery extends a secret that is still open and does not revive one that is not.
 */
export async function issueSecret(
  db: Db,
  { callingCode, budget, ...secret }: NewSecret,
  limits: MessageLimits,
  audit: AuditContext,
): Promise<boolean> {
  const { id, userId, address, digest, requestedAt, expiresAt } = secret;
  const siblings = siblingsOf(secret);
  const select = (where: SQL | undefined) => db.select({ id: oneTimeSecrets.id }).from(oneTimeSecrets).where(where);
  const isWanted = and(
    isCounted(db, id),
    notExists(select(and(siblings, gt(oneTimeSecrets.requestedAt, requestedAt)))),
  );
  const row = { ...secret, spentAt: null, attempts: 0, lastAttemptAt: null };
  // The identifier may belong to another account by the second delivery. That account gets no
  // secret made for this one.
  const isSameRecipient = sql`${oneTimeSecrets.userId} = ${userId} and ${oneTimeSecrets.address} = ${address}`;
  const open = select(and(eq(oneTimeSecrets.id, id), isSameRecipient, isOpen(audit.at)));
  const { issued } = await batch(db, {
    ...countMessageStatements(db, { id, userId, recipient: address, callingCode, kind: budget }, limits, audit),
    event: insertUserEventStatement(db, "secret_sent", {
      userId,
      audit,
      where: and(isWanted, notExists(select(eq(oneTimeSecrets.id, id)))),
    }),
    inserted: insertSelect(
      db,
      oneTimeSecrets,
      row,
      sql`from ${users} where ${and(eq(users.id, userId), isWanted)}`,
    ).onConflictDoUpdate({ target: oneTimeSecrets.id, set: { digest, expiresAt }, setWhere: isSameRecipient }),
    voided: invalidateSecretsStatement(db, {
      at: audit.at,
      where: and(siblings, ne(oneTimeSecrets.id, id), exists(open)),
    }),
    issued: open,
  });
  return issued.length === 1;
}

/** Matches this secret and those it replaces. Changes to other addresses may be pending at once. */
function siblingsOf({ userId, purpose, address }: Pick<NewSecret, "userId" | "purpose" | "address">) {
  return and(
    eq(oneTimeSecrets.userId, userId),
    eq(oneTimeSecrets.purpose, purpose),
    isAddressChange(purpose) ? eq(oneTimeSecrets.address, address) : undefined,
  );
}

const isAddressChange = (purpose: SecretPurpose) => ADDRESS_CHANGES.some((change) => change === purpose);

/** The holder of a code: the account with this identifier, or the user of this session. */
export type CodeHolder = IdentifierKey | SessionRef;

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
  /** Null without such an account, which takes the same time. */
  userId: string | null;
  /** Codes to compare with; none while the account is locked. */
  codes: OpenSecret[];
}

/**
 * Counts an attempt at the holder's open codes of this purpose and returns them for comparison. The
 * attempt counts before the comparison, as a failed guess too. If the holder is named by an
 * address, only codes sent to that address are compared.
 */
export async function recordCodeAttempt(
  db: Db,
  purpose: SecretPurpose,
  holder: CodeHolder,
  audit: AuditContext,
): Promise<CodeAttempt> {
  const isSession = "sessionId" in holder;
  const isHolder = isSession
    ? and(eq(users.id, holder.userId), sessionIsAuthorized(db, holder, audit.at))
    : eq(users[holder.kind], holder.value);
  const userId = sql`(${db.select({ id: users.id }).from(users).where(isHolder)})`;
  const isSentTo = isSession || holder.kind === "username" ? undefined : eq(oneTimeSecrets.address, holder.value);
  const recentAttempts = db
    .select({ attempts: sql`coalesce(sum(${oneTimeSecrets.attempts}), 0)` })
    .from(oneTimeSecrets)
    .where(
      and(sql`${oneTimeSecrets.userId} = ${userId}`, gt(oneTimeSecrets.lastAttemptAt, audit.at - HOUR_MILLISECONDS)),
    );
  const isComparable = and(
    sql`${oneTimeSecrets.userId} = ${userId}`,
    eq(oneTimeSecrets.purpose, purpose),
    isSentTo,
    isOpen(audit.at),
    lt(oneTimeSecrets.attempts, MAX_ATTEMPTS),
    isNotLocked(db, holder, audit.at),
  );
  const max = sql`max(0, min(${MAX_COMPARED}, ${MAX_ATTEMPTS_AN_HOUR} - ${recentAttempts}))`;
  const { lockout, user, codes } = await batch(db, {
    lockout: lockoutStatement(db, holder),
    user: db.select({ id: users.id }).from(users).where(isHolder),
    event: insertEventStatement(db, "otp_attempted", audit, {
      userId: sql`${users.id}`,
      sessionId: isSession ? holder.sessionId : null,
      source: sql`from ${users} where ${and(isHolder, isNotLocked(db, holder, audit.at))}`,
    }),
    codes: db
      .update(oneTimeSecrets)
      .set({ attempts: sql`${oneTimeSecrets.attempts} + 1`, lastAttemptAt: audit.at })
      .where(
        sql`${oneTimeSecrets.id} in (select ${oneTimeSecrets.id} from ${oneTimeSecrets} where ${isComparable} order by ${oneTimeSecrets.requestedAt} desc limit ${max})`,
      )
      .returning(OPEN_SECRET),
    // Last: the statements above test whether the account is locked.
    counted: countFailureStatement(db, holder, audit.at, isSession ? sql`${userId} is not null` : undefined),
  });
  return { lockout: lockout[0], userId: user[0]?.id ?? null, codes };
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

const OPEN_SECRET = {
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
const isOpen = (now: number) => and(isNull(oneTimeSecrets.spentAt), gt(oneTimeSecrets.expiresAt, now));

/** Tests whether this secret is open. */
export const secretIsOpen = (db: Db, { id }: OpenSecret, now: number) =>
  exists(
    db
      .select({ id: oneTimeSecrets.id })
      .from(oneTimeSecrets)
      .where(and(eq(oneTimeSecrets.id, id), isOpen(now))),
  );

/** Matches the enabled user of this secret, if it is open and was sent to one of the user's
 *  addresses. */
export const isSecretHolder = (db: Db, secret: OpenSecret, now: number) =>
  and(
    eq(users.id, secret.userId),
    isEnabled,
    sql`${secret.address} in (${users.email}, ${users.phone})`,
    secretIsOpen(db, secret, now),
  );

/** Invalidates the open secrets that match `where`. */
export const invalidateSecretsStatement = (db: Db, { at, where }: { at: number; where: SQL | undefined }) =>
  db
    .update(oneTimeSecrets)
    .set({ spentAt: at })
    .where(and(where, isNull(oneTimeSecrets.spentAt)));

/** Invalidates what was sent to the addresses of an account. Pending changes to other addresses
 *  stay open. */
export const invalidateSecretsExceptAddressChangesStatement = (
  db: Db,
  { at, where }: { at: number; where: SQL | undefined },
) =>
  invalidateSecretsStatement(db, { at, where: and(where, notInArray(oneTimeSecrets.purpose, [...ADDRESS_CHANGES])) });

/** Secrets that are expired and whose attempts no longer count. */
export const staleSecrets = (now: number): Stale => ({
  table: oneTimeSecrets,
  where: lt(oneTimeSecrets.expiresAt, now - HOUR_MILLISECONDS),
});

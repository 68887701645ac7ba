import { and, eq, exists, gt, inArray, isNull, lt, ne, notExists, notInArray, type SQL, sql } from "drizzle-orm";
import { oneTimeSecrets, users } from "../../drizzle/schema.ts";
import { type AuditContext, addOtpAttempt, addUserEvent } from "./audit-events.ts";
import { type Db, selectRow } from "./db.ts";
import { countFailure, findLockout, type IdentifierKey, isNotLocked, type Lockout } from "./lockouts.ts";
import { countMessage, isCounted, type MessageLimits } from "./message-budget.ts";
import { type SessionRef, sessionIsAuthorized } from "./session-conditions.ts";

export type Purpose = (typeof oneTimeSecrets.purpose.enumValues)[number];

/** What makes another address the account's. */
const CHANGES = ["email-change", "phone-change"] as const;

const MAX_ATTEMPTS = 5;
/** Across all codes of an account. */
const MAX_ATTEMPTS_AN_HOUR = 10;
/** How many open codes of one purpose a try is compared with, newest first: there may be several changes of address. */
const MAX_COMPARED = 2;
const HOUR_MILLISECONDS = 3_600_000;

interface IssueSecret {
  /** Of the queue's message that asks for it. */
  id: string;
  userId: string;
  purpose: Purpose;
  address: string;
  /** Of the address, where it is a phone number. */
  callingCode: string | null;
  digest: string;
  /** When that message was queued. */
  requestedAt: number;
  expiresAt: number;
}

/** Makes a secret good, unless a budget is used up or a newer one of its purpose was issued; older ones make way. A
 *  delivery that is repeated moves the end of what is still good and brings nothing back. Answers whether to send it. */
export async function issueSecret(
  db: Db,
  { callingCode, ...secret }: IssueSecret,
  limits: MessageLimits,
  audit: AuditContext,
): Promise<boolean> {
  const { id, userId, address, digest, requestedAt, expiresAt } = secret;
  const kind = isChange(secret.purpose) ? "address_claim" : "recovery";
  const siblings = siblingsOf(secret);
  const select = (which: SQL | undefined) => db.select({ id: oneTimeSecrets.id }).from(oneTimeSecrets).where(which);
  const wanted = and(isCounted(db, id), notExists(select(and(siblings, gt(oneTimeSecrets.requestedAt, requestedAt)))));
  const row = { ...secret, spentAt: null, attempts: 0, lastAttemptAt: null };
  // An identifier may have changed hands since the first delivery: what was made for one goes to no other.
  const sameRecipient = sql`${oneTimeSecrets.userId} = ${userId} and ${oneTimeSecrets.address} = ${address}`;
  const stillOpen = select(and(eq(oneTimeSecrets.id, id), sameRecipient, isOpen(audit.at)));
  const [, , , , , rows] = await db.batch([
    ...countMessage(db, { id, userId, recipient: address, callingCode, kind }, limits, audit),
    addUserEvent(db, "secret_sent", audit, userId, and(wanted, notExists(select(eq(oneTimeSecrets.id, id))))),
    db
      .insert(oneTimeSecrets)
      .select(sql`${selectRow(oneTimeSecrets, row)} from ${users} where ${and(eq(users.id, userId), wanted)}`)
      .onConflictDoUpdate({
        target: oneTimeSecrets.id,
        set: { digest, expiresAt },
        setWhere: sameRecipient,
      }),
    invalidateSecrets(db, audit.at, and(siblings, ne(oneTimeSecrets.id, id), exists(stillOpen))),
    stillOpen,
  ]);
  return rows.length === 1;
}

/** This secret and those that it replaces. Two changes of address may be under way at once, each to its own. */
function siblingsOf({ userId, purpose, address }: Pick<IssueSecret, "userId" | "purpose" | "address">) {
  return and(
    eq(oneTimeSecrets.userId, userId),
    eq(oneTimeSecrets.purpose, purpose),
    isChange(purpose) ? eq(oneTimeSecrets.address, address) : undefined,
  );
}

const isChange = (purpose: Purpose) => CHANGES.some((change) => change === purpose);

/** Whose code it is: of the account with this identifier, or of the one whose session this is. */
export type CodeHolder = IdentifierKey | SessionRef;

/** A secret that is still good. */
export interface OpenSecret {
  id: string;
  userId: string;
  purpose: Purpose;
  address: string;
  digest: string;
  /** Of its user. */
  email: string | null;
  phone: string | null;
  username: string | null;
}

/** Takes a try at what open codes of this purpose the holder has, and answers those to compare with: the try counts, as a
 *  failed guess too, before it is known whether it hits. Where guesses are blocked there are none. An identifier that is an
 *  address finds the code that was sent there alone. `userId` is null when there is no such account, which costs the same. */
export async function recordCodeAttempt(
  db: Db,
  purpose: Purpose,
  holder: CodeHolder,
  audit: AuditContext,
): Promise<{ lockout: Lockout | undefined; userId: string | null; codes: OpenSecret[] }> {
  const isSession = "sessionId" in holder;
  const which = isSession
    ? and(eq(users.id, holder.userId), sessionIsAuthorized(db, holder, audit.at))
    : eq(users[holder.kind], holder.value);
  const user = sql`(${db.select({ id: users.id }).from(users).where(which)})`;
  const sentTo = isSession || holder.kind === "username" ? undefined : eq(oneTimeSecrets.address, holder.value);
  const lately = db
    .select({ attempts: sql`coalesce(sum(${oneTimeSecrets.attempts}), 0)` })
    .from(oneTimeSecrets)
    .where(
      and(sql`${oneTimeSecrets.userId} = ${user}`, gt(oneTimeSecrets.lastAttemptAt, audit.at - HOUR_MILLISECONDS)),
    );
  const open = and(
    sql`${oneTimeSecrets.userId} = ${user}`,
    eq(oneTimeSecrets.purpose, purpose),
    sentTo,
    isOpen(audit.at),
    lt(oneTimeSecrets.attempts, MAX_ATTEMPTS),
    isNotLocked(db, holder, audit.at),
  );
  const most = sql`max(0, min(${MAX_COMPARED}, ${MAX_ATTEMPTS_AN_HOUR} - ${lately}))`;
  const [[lockout], [found], , codes] = await db.batch([
    findLockout(db, holder),
    db.select({ userId: users.id }).from(users).where(which),
    addOtpAttempt(db, audit, user, isSession ? holder.sessionId : null, isNotLocked(db, holder, audit.at)),
    db
      .update(oneTimeSecrets)
      .set({ attempts: sql`${oneTimeSecrets.attempts} + 1`, lastAttemptAt: audit.at })
      .where(
        sql`${oneTimeSecrets.id} in (select ${oneTimeSecrets.id} from ${oneTimeSecrets} where ${open} order by ${oneTimeSecrets.requestedAt} desc limit ${most})`,
      )
      .returning(OPEN_SECRET),
    // Last: what stands before asks whether guesses are blocked.
    countFailure(db, holder, audit.at, isSession ? sql`${user} is not null` : undefined),
  ]);
  return { lockout, userId: found?.userId ?? null, codes };
}

/** The open secret of a link, by its digest. */
export async function findLink(db: Db, purpose: Purpose, digest: string, now: number): Promise<OpenSecret | undefined> {
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

/** Neither spent nor expired. */
export const isOpen = (now: number) => and(isNull(oneTimeSecrets.spentAt), gt(oneTimeSecrets.expiresAt, now));

/** Part of a batch: makes these secrets good for nothing. */
export const invalidateSecrets = (db: Db, at: number, which: SQL | undefined) =>
  db
    .update(oneTimeSecrets)
    .set({ spentAt: at })
    .where(and(which, isNull(oneTimeSecrets.spentAt)));

/** Deletes at most so many that neither work nor count any more. */
export async function purgeSecrets(db: Db, now: number, most: number): Promise<void> {
  const old = db
    .select({ id: oneTimeSecrets.id })
    .from(oneTimeSecrets)
    .where(lt(oneTimeSecrets.expiresAt, now - HOUR_MILLISECONDS))
    .limit(most);
  await db.delete(oneTimeSecrets).where(inArray(oneTimeSecrets.id, old));
}

/** Part of a batch: after a change of address, whatever was sent to the account's addresses is good for nothing; other
 *  changes under way are. */
export const invalidateSecretsExceptAddressChanges = (db: Db, at: number, which: SQL | undefined) =>
  invalidateSecrets(db, at, and(which, notInArray(oneTimeSecrets.purpose, [...CHANGES])));

import { and, eq, exists, gt, isNotNull, lt, notExists, type SQL, sql } from "drizzle-orm";
import { requestedMessages } from "../../drizzle/schema.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import type { Stale } from "./purge.ts";

const DAY_MILLISECONDS = 86_400_000;

/** Requested messages for one recipient in half an hour. */
const MAX_PER_RECIPIENT = 5;
const RECIPIENT_WINDOW_MILLISECONDS = 1_800_000;
/** Requested messages that one account causes in a day. */
const MAX_PER_ACCOUNT_AND_DAY = 20;

/** A message that somebody asked for. Notices are not counted. */
export interface RequestedMessage {
  /** The id of the queue's message, by which it is counted once even if it is delivered twice. */
  id: string;
  userId: string;
  recipient: string;
  /** E.164 calling code of a text, null for mail. */
  callingCode: string | null;
  /**
   * `recovery`: the recipient owns the account. `address_claim`: another account claims the
   * address. The budgets are separate: claims must not use up the messages that the owner needs to
   * recover.
   */
  kind: "recovery" | "address_claim";
}

export interface MessageLimits {
  cooldownSeconds: number;
  smsPerDay: number;
  smsPerCountryAndDay: number;
}

/**
 * Counts the message against every budget. If one of them is used up, the message counts against
 * none and an event records that it was withheld.
 */
export function countMessageStatements(db: Db, message: RequestedMessage, limits: MessageLimits, audit: AuditContext) {
  const { recipient, userId, callingCode, kind } = message;
  const to = and(eq(requestedMessages.recipient, recipient), eq(requestedMessages.kind, kind));
  const by = and(eq(requestedMessages.userId, userId), eq(requestedMessages.kind, kind));
  const isText = callingCode !== null;
  const since = (milliseconds: number) => gt(requestedMessages.createdAt, audit.at - milliseconds);
  const inCountry = isText ? eq(requestedMessages.callingCode, callingCode) : undefined;
  const isWithinBudget = and(
    fewerThan(db, 1, and(to, since(limits.cooldownSeconds * 1000))),
    fewerThan(db, MAX_PER_RECIPIENT, and(to, since(RECIPIENT_WINDOW_MILLISECONDS))),
    fewerThan(db, MAX_PER_ACCOUNT_AND_DAY, and(by, since(DAY_MILLISECONDS))),
    isText ? fewerThan(db, limits.smsPerCountryAndDay, and(inCountry, since(DAY_MILLISECONDS))) : undefined,
    isText
      ? fewerThan(db, limits.smsPerDay, and(isNotNull(requestedMessages.callingCode), since(DAY_MILLISECONDS)))
      : undefined,
  );
  const row = { ...message, createdAt: audit.at };
  return {
    counted: insertSelect(db, requestedMessages, row, sql`where ${isWithinBudget}`).onConflictDoNothing(),
    withheldEvent: insertUserEventStatement(db, "message_withheld", {
      userId,
      audit,
      where: notExists(countedStatement(db, message.id)),
    }),
  };
}

/** Counts the message. Returns false if a budget is used up. */
export async function countMessage(
  db: Db,
  message: RequestedMessage,
  limits: MessageLimits,
  audit: AuditContext,
): Promise<boolean> {
  const { found } = await batch(db, {
    ...countMessageStatements(db, message, limits, audit),
    found: countedStatement(db, message.id),
  });
  return found.length === 1;
}

/** Tests whether the message was counted, now or at an earlier delivery. */
export const isCounted = (db: Db, id: string) => exists(countedStatement(db, id));

const countedStatement = (db: Db, id: string) =>
  db.select({ id: requestedMessages.id }).from(requestedMessages).where(eq(requestedMessages.id, id));

/** Tests whether fewer than `max` messages match. No more than that are read. */
function fewerThan(db: Db, max: number, where: SQL | undefined): SQL {
  const some = db.select({ id: requestedMessages.id }).from(requestedMessages).where(where).limit(max);
  return sql`(select count(*) from ${some}) < ${max}`;
}

/** Messages that no budget counts anymore. */
export const staleRequestedMessages = (now: number): Stale => ({
  table: requestedMessages,
  where: lt(requestedMessages.createdAt, now - DAY_MILLISECONDS),
});

import { and, eq, exists, gt, inArray, isNotNull, lt, notExists, type SQL, sql } from "drizzle-orm";
import { requestedMessages } from "../../drizzle/schema.ts";
import { type AuditContext, addUserEvent } from "./audit-events.ts";
import { type Db, selectRow } from "./db.ts";

const DAY_MILLISECONDS = 86_400_000;

/** How many requested messages one recipient gets in half an hour, and one account causes in a day. */
const MAX_PER_RECIPIENT = 5;
const RECIPIENT_WINDOW_MILLISECONDS = 1_800_000;
const MAX_PER_ACCOUNT_AND_DAY = 20;

/** A message that somebody asked for; notices are none. */
export interface RequestedMessage {
  /** The queue's own, by which it is counted once, however often it is delivered. */
  id: string;
  userId: string;
  recipient: string;
  /** Of a text, null for mail. */
  callingCode: string | null;
  /** Whether the recipient has the account, or somebody else claims the address. The budgets of recipient and account are
   *  apart: claims must not use up what the owner needs to recover, nor tell by that whether there is one. */
  kind: "recovery" | "address_claim";
}

export interface MessageLimits {
  cooldownSeconds: number;
  smsPerDay: number;
  smsPerCountryAndDay: number;
}

/** Parts of a batch: counts the message against every budget; where one is used up it counts against none and leaves an
 *  event. */
export function countMessage(db: Db, message: RequestedMessage, limits: MessageLimits, audit: AuditContext) {
  const { recipient, userId, callingCode, kind } = message;
  const to = and(eq(requestedMessages.recipient, recipient), eq(requestedMessages.kind, kind));
  const by = and(eq(requestedMessages.userId, userId), eq(requestedMessages.kind, kind));
  const allowed = and(
    fewer(db, 1, and(to, since(audit.at - limits.cooldownSeconds * 1000))),
    fewer(db, MAX_PER_RECIPIENT, and(to, since(audit.at - RECIPIENT_WINDOW_MILLISECONDS))),
    fewer(db, MAX_PER_ACCOUNT_AND_DAY, and(by, since(audit.at - DAY_MILLISECONDS))),
    ...(callingCode === null
      ? []
      : [
          fewer(
            db,
            limits.smsPerCountryAndDay,
            and(eq(requestedMessages.callingCode, callingCode), since(audit.at - DAY_MILLISECONDS)),
          ),
          fewer(
            db,
            limits.smsPerDay,
            and(isNotNull(requestedMessages.callingCode), since(audit.at - DAY_MILLISECONDS)),
          ),
        ]),
  );
  return [
    db
      .insert(requestedMessages)
      .select(sql`${selectRow(requestedMessages, { ...message, createdAt: audit.at })} where ${allowed}`)
      .onConflictDoNothing(),
    addUserEvent(db, "message_withheld", audit, userId, notExists(counted(db, message.id))),
  ] as const;
}

/** By itself: counts the message, and answers whether it may be sent. */
export async function takeMessage(db: Db, message: RequestedMessage, limits: MessageLimits, audit: AuditContext) {
  const [, , rows] = await db.batch([...countMessage(db, message, limits, audit), counted(db, message.id)]);
  return rows.length === 1;
}

/** Whether the message was counted, now or when it was delivered before. */
export const isCounted = (db: Db, id: string) => exists(counted(db, id));

const counted = (db: Db, id: string) =>
  db.select({ id: requestedMessages.id }).from(requestedMessages).where(eq(requestedMessages.id, id));

const since = (time: number) => gt(requestedMessages.createdAt, time);

/** Whether fewer than this match; no more are read. */
function fewer(db: Db, most: number, which: SQL | undefined): SQL {
  const some = db.select({ id: requestedMessages.id }).from(requestedMessages).where(which).limit(most);
  return sql`(select count(*) from ${some}) < ${most}`;
}

/** Deletes at most so many that count no more. */
export async function purgeRequestedMessages(db: Db, now: number, most: number): Promise<void> {
  const old = db
    .select({ id: requestedMessages.id })
    .from(requestedMessages)
    .where(lt(requestedMessages.createdAt, now - DAY_MILLISECONDS))
    .limit(most);
  await db.delete(requestedMessages).where(inArray(requestedMessages.id, old));
}

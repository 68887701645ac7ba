import { and, eq, exists, gt, isNotNull, lt, notExists, or, type SQL, sql } from "drizzle-orm";
import { requestedMessages, users } from "../../drizzle/schema.ts";
import type { MessageBudget } from "../contract/messages.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import type { Stale } from "./purge.ts";

const DAY_MILLISECONDS = 86_400_000;

/** Messages of one budget to one recipient in half an hour. */
const MAX_PER_RECIPIENT = 5;
const RECIPIENT_WINDOW_MILLISECONDS = 1_800_000;
/** Messages of one budget that one account causes in a day. */
const MAX_PER_ACCOUNT_AND_DAY = 20;
/** The part of both that requests from one network can use up, unless they come from the owner. */
const NETWORK_SHARE = 1 / 2;

/** The part of the text messages that go to numbers that are not verified on their account. */
const UNPROVEN_SHARE = 1 / 2;
/** The part that strangers can request. The rest is reserved for owners. */
const STRANGERS_SHARE = 3 / 4;

/** A message that somebody asked for, or a notice by text. Notices by mail are not counted. */
export interface RequestedMessage {
  /** The id of the queue's message, by which it is counted once even if it is delivered twice. */
  id: string;
  /** The recipient itself at a sign-up by a code. */
  userId: string;
  recipient: string;
  /** The country (ISO 3166) of a text, null for mail. */
  country: string | null;
  budget: MessageBudget;
  requestedBy: "anyone" | "owner";
  /** Whether the recipient is verified on the account. */
  proven: boolean;
  /** The /24 or /48 of the requester, if it is known. */
  network: string | null;
}

export interface MessageLimits {
  cooldownSeconds: number;
  smsPerDay: number;
  smsPerCountryAndDay: number;
  smsPerNetworkAndDay: number;
}

/**
 * Counts the message against every budget. If one of them is used up or `where` does not hold, the
 * message counts against none and an event records that it was withheld.
 */
export function countMessageStatements(
  db: Db,
  message: RequestedMessage,
  limits: MessageLimits,
  audit: AuditContext,
  where?: SQL,
) {
  const isWithinBudget = and(
    where,
    isWithinOwnBudget(db, message, limits, audit.at),
    message.country === null ? undefined : isWithinTextBudgets(db, message, message.country, limits, audit.at),
  );
  const row = { ...message, createdAt: audit.at };
  return {
    counted: insertSelect(db, requestedMessages, row, sql`where ${isWithinBudget}`).onConflictDoNothing(),
    withheldEvent: insertUserEventStatement(db, "message_withheld", {
      userId: message.userId,
      audit,
      where: notExists(countedStatement(db, message.id)),
    }),
  };
}

/**
 * Tests the budget of the recipient and that of the account. Owners have their own, so that nobody
 * else can use it up; and one network uses up only a part of what strangers have.
 */
function isWithinOwnBudget(
  db: Db,
  { recipient, userId, budget, requestedBy, network }: RequestedMessage,
  { cooldownSeconds }: MessageLimits,
  now: number,
) {
  const isSame = and(eq(requestedMessages.budget, budget), eq(requestedMessages.requestedBy, requestedBy));
  const to = and(eq(requestedMessages.recipient, recipient), isSame);
  const by = and(eq(requestedMessages.userId, userId), isSame);
  const inWindow = gt(requestedMessages.createdAt, now - RECIPIENT_WINDOW_MILLISECONDS);
  const today = gt(requestedMessages.createdAt, now - DAY_MILLISECONDS);
  // The cool-down ends with the account: a new account at the address needs a code now.
  const isOfAccount = or(
    exists(db.select({ id: users.id }).from(users).where(eq(users.id, requestedMessages.userId))),
    // A sign-up has no account yet.
    eq(requestedMessages.userId, requestedMessages.recipient),
  );
  const from = network !== null && requestedBy === "anyone" ? eq(requestedMessages.network, network) : undefined;
  return and(
    fewerThan(db, 1, and(to, gt(requestedMessages.createdAt, now - cooldownSeconds * 1000), isOfAccount)),
    fewerThan(db, MAX_PER_RECIPIENT, and(to, inWindow)),
    fewerThan(db, MAX_PER_ACCOUNT_AND_DAY, and(by, today)),
    from && fewerThan(db, partOf(MAX_PER_RECIPIENT, NETWORK_SHARE), and(to, inWindow, from)),
    from && fewerThan(db, partOf(MAX_PER_ACCOUNT_AND_DAY, NETWORK_SHARE), and(by, today, from)),
  );
}

/**
 * Tests the budgets that all text messages share. Those to unproven numbers, which cost an attacker
 * nothing, leave a part for proven ones; and strangers leave a part for owners.
 */
function isWithinTextBudgets(
  db: Db,
  { requestedBy, proven, network }: RequestedMessage,
  country: string,
  { smsPerDay, smsPerCountryAndDay, smsPerNetworkAndDay }: MessageLimits,
  now: number,
) {
  const today = gt(requestedMessages.createdAt, now - DAY_MILLISECONDS);
  const inCountry = and(eq(requestedMessages.country, country), today);
  const isText = and(isNotNull(requestedMessages.country), today);
  const fitsInto = (share: number, competing: SQL | undefined) => [
    fewerThan(db, partOf(smsPerCountryAndDay, share), and(inCountry, competing)),
    fewerThan(db, partOf(smsPerDay, share), and(isText, competing)),
  ];
  const isUnproven = eq(requestedMessages.proven, false);
  const isReserved = proven && requestedBy === "owner";
  return and(
    ...(proven ? [] : fitsInto(UNPROVEN_SHARE, isUnproven)),
    ...(isReserved ? [] : fitsInto(STRANGERS_SHARE, or(isUnproven, eq(requestedMessages.requestedBy, "anyone")))),
    ...fitsInto(1, undefined),
    isReserved || network === null
      ? undefined
      : fewerThan(db, smsPerNetworkAndDay, and(isText, eq(requestedMessages.network, network))),
  );
}

/** A part of a limit, rounded up, so that a part of 1 is not 0. */
const partOf = (limit: number, share: number) => Math.ceil(limit * share);

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

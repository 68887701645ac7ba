import { eq, lt, or, sql } from "drizzle-orm";
import { deadMessages } from "../../drizzle/schema.ts";
import { batch, type Db } from "./db.ts";
import { type AuditContext, insertUserEventStatement } from "./events.ts";
import { isBeyondNewest, type Stale } from "./purge.ts";

type DeadMessage = typeof deadMessages.$inferSelect;

/** Anyone can make messages that no provider accepts, so their number is bounded too. */
const MAX_KEPT = 10_000;

/** Keeps a message that could not be sent. Keeping it twice has no effect. */
export const keepDeadMessage = (db: Db, message: DeadMessage) =>
  db.insert(deadMessages).values(message).onConflictDoNothing();

/** The account that a message is about. Null if no account has the identifier, or not anymore. */
const USER_ID = sql<string | null>`coalesce(
  body ->> '$.user_id',
  (select user_id from notices where notices.id = body ->> '$.id' limit 1),
  (select users.id from users where users.id = body ->> '$.identifier.value'
    or email = body ->> '$.identifier.value' or phone = body ->> '$.identifier.value'
    or username = body ->> '$.identifier.value'))`;

/** What a notice is about. Null for other messages. */
const NOTICE_KIND = sql<string | null>`(select kind from notices where notices.id = body ->> '$.id' limit 1)`;

/** Lists at most `max` messages, newest first, that are older than the one at this position. */
export const listDeadMessages = (db: Db, { before, max }: { before: number; max: number }) =>
  db
    .select({
      position: sql<number>`rowid`,
      id: deadMessages.id,
      body: deadMessages.body,
      createdAt: deadMessages.createdAt,
      userId: USER_ID,
      noticeKind: NOTICE_KIND,
      reason: sql<string | null>`body ->> '$.reason'`,
    })
    .from(deadMessages)
    .where(sql`rowid < ${before}`)
    .orderBy(sql`rowid desc`)
    .limit(max);

/** After this time the sender of a claimed message is gone. */
const CLAIM_MILLISECONDS = 60_000;
/** The id of a claimed message has the time. */
const CLAIMED = /^claimed-(\d+)-/;

/**
 * Claims a message, to send it again. Of several requests one succeeds: a claim gives the message
 * another id, which cannot be claimed for a minute. Returns undefined if there is no such message.
 */
export async function claimDeadMessage(db: Db, id: string, now: number) {
  const [, claimedAt = 0] = CLAIMED.exec(id) ?? [];
  if (now - Number(claimedAt) < CLAIM_MILLISECONDS) return undefined;
  const claim = `claimed-${now}-${crypto.randomUUID()}`;
  const { claimed } = await batch(db, {
    claimed: db
      .update(deadMessages)
      .set({ id: claim })
      .where(eq(deadMessages.id, id))
      .returning({ id: deadMessages.id, body: deadMessages.body, userId: USER_ID }),
  });
  return claimed[0];
}

/** Gives a claimed message, which could not be sent, its id back. */
export async function releaseDeadMessage(db: Db, claim: string, id: string): Promise<void> {
  await db.update(deadMessages).set({ id }).where(eq(deadMessages.id, claim));
}

/** Deletes a claimed message that was sent again, and records that with its account. */
export async function deleteDeadMessage(
  db: Db,
  { id, userId }: { id: string; userId: string | null },
  audit: AuditContext,
): Promise<void> {
  await batch(db, {
    message: db.delete(deadMessages).where(eq(deadMessages.id, id)),
    event: insertUserEventStatement(db, "message_resent", { userId, audit }),
  });
}

/** Dead messages from before `before`, and those beyond the newest 10,000. */
export const staleDeadMessages = (before: number): Stale => ({
  table: deadMessages,
  where: or(lt(deadMessages.createdAt, before), isBeyondNewest(deadMessages, MAX_KEPT)),
});

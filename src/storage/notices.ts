import { and, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import { notices, users } from "../../drizzle/schema.ts";
import type { NoticeKind } from "../contract/messages.ts";
import { type Db, insertSelect } from "./db.ts";

/** A notice that is written together with the act it reports. */
export interface NewNotice {
  id: string;
  kind: NoticeKind;
  userId: string;
  /** The language of the request. */
  locale: string | null;
}

/**
 * Inserts a notice if its user matches `where`. The recipient is the address that the user has now,
 * so in a batch it goes above a change of address; a changed address is preferred.
 */
export function insertNoticeStatement(
  db: Db,
  { id, kind, userId, locale }: NewNotice,
  { at, where }: { at: number; where: SQL | undefined },
) {
  const email = sql`coalesce(${users.email}, ${users.phone})`;
  const phone = sql`coalesce(${users.phone}, ${users.email})`;
  const recipients: Partial<Record<NoticeKind, SQL>> = {
    "phone-changed": phone,
    // The address that was proven before.
    "email-verified": phone,
    // The removed address, or the one that remains if that was never proven.
    "email-removed": sql`iif(${users.emailVerifiedAt} is null, ${phone}, ${email})`,
    "phone-removed": sql`iif(${users.phoneVerifiedAt} is null, ${email}, ${phone})`,
  };
  const recipient = recipients[kind] ?? email;
  return insertSelect(
    db,
    notices,
    { id, kind, userId, recipient, locale, createdAt: at, repeatedAt: null },
    sql`from ${users} where ${and(eq(users.id, userId), sql`${recipient} is not null`, where)}`,
  );
}

/** Finds a notice that has not been sent yet, with the user's own language. */
export async function findNotice(db: Db, id: string) {
  const [notice] = await db
    .select({
      kind: notices.kind,
      userId: notices.userId,
      recipient: notices.recipient,
      createdAt: notices.createdAt,
      requestLocale: notices.locale,
      userLocale: sql<string | null>`${users.locale}`.as("user_locale"),
    })
    .from(notices)
    .innerJoin(users, eq(users.id, notices.userId))
    .where(eq(notices.id, id));
  return notice;
}

/** Deletes a notice that has been sent. */
export async function deleteNotice(db: Db, id: string): Promise<void> {
  await db.delete(notices).where(eq(notices.id, id));
}

/**
 * Lists the ids of at most `max` notices older than `before` that were queued only once, oldest
 * first.
 */
export async function listWaitingNotices(db: Db, before: number, max: number): Promise<string[]> {
  const rows = await db
    .select({ id: notices.id })
    .from(notices)
    .where(and(isNull(notices.repeatedAt), lt(notices.createdAt, before)))
    .orderBy(notices.createdAt)
    .limit(max);
  return rows.map(({ id }) => id);
}

/** Marks notices as queued again. One parameter for all ids: D1 allows a hundred. */
export async function markNoticesRepeated(db: Db, ids: string[], at: number): Promise<void> {
  await db
    .update(notices)
    .set({ repeatedAt: at })
    .where(sql`${notices.id} in (select value from json_each(${JSON.stringify(ids)}))`);
}

/** Deletes at most `max` notices older than `before`. */
export async function purgeNotices(db: Db, before: number, max: number): Promise<void> {
  const old = db.select({ id: notices.id }).from(notices).where(lt(notices.createdAt, before)).limit(max);
  await db.delete(notices).where(inArray(notices.id, old));
}

import { and, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import { notices, users } from "../../drizzle/schema.ts";
import type { Db } from "./db.ts";

export type NoticeKind = (typeof notices.kind.enumValues)[number];

/** A notice that an act leaves if it succeeds; it knows the id to have it sent by. */
export interface NewNotice {
  id: string;
  /** Of the request. */
  locale: string | null;
}

/** Part of a batch, before what it tells of: a notice to the address that the user has until then, where a changed one goes
 *  before the other. */
export function addNotice(
  db: Db,
  { id, locale }: NewNotice,
  { kind, userId, at }: { kind: NoticeKind; userId: string; at: number },
  condition: SQL | undefined,
) {
  const recipient =
    kind === "phone-changed"
      ? sql`coalesce(${users.phone}, ${users.email})`
      : sql`coalesce(${users.email}, ${users.phone})`;
  const which = and(eq(users.id, userId), sql`${recipient} is not null`, condition);
  return db
    .insert(notices)
    .select(sql`select ${id}, ${kind}, ${users.id}, ${recipient}, ${locale}, ${at}, null from ${users} where ${which}`);
}

/** A notice that has not been sent yet, with the user's own language. */
export async function findNotice(db: Db, id: string) {
  const [notice] = await db
    .select({
      kind: notices.kind,
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

/** Forgets a notice that has been sent. */
export const dropNotice = (db: Db, id: string) => db.delete(notices).where(eq(notices.id, id));

/** The ids of at most so many notices from before this time that the queue was asked only once to send. */
export async function waitingNotices(db: Db, before: number, most: number): Promise<string[]> {
  const rows = await db
    .select({ id: notices.id })
    .from(notices)
    .where(and(isNull(notices.repeatedAt), lt(notices.createdAt, before)))
    .orderBy(notices.createdAt)
    .limit(most);
  return rows.map(({ id }) => id);
}

/** Remembers that the queue was asked again. One parameter for all ids: D1 takes a hundred. */
export const markRepeated = (db: Db, ids: string[], at: number) =>
  db
    .update(notices)
    .set({ repeatedAt: at })
    .where(sql`${notices.id} in (select value from json_each(${JSON.stringify(ids)}))`);

/** Deletes at most so many from before this time. */
export async function purgeNotices(db: Db, before: number, most: number): Promise<void> {
  const old = db.select({ id: notices.id }).from(notices).where(lt(notices.createdAt, before)).limit(most);
  await db.delete(notices).where(inArray(notices.id, old));
}

/**
 * The order of a feed. D1 commits one transaction after the other, so the row with the largest
 * sequence was committed last: a reader that continues after the last sequence it saw misses
 * nothing.
 *
 * A sequence is also at least a thousand times the row's time in milliseconds, so that it still
 * increases after the newest rows are purged or the database is restored to an earlier time.
 */
import { asc, gt, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { batch, type Db } from "./db.ts";

/** Selects the sequence of each row that a statement inserts at this time. */
export const nextSequence = (table: SQLiteTable, at: number): SQL =>
  sql`max(coalesce((select max(sequence) from ${table}), 0), ${at * 1000}) + row_number() over ()`;

/** Where to continue in a feed. */
export interface FeedSlice {
  /** The last sequence that the reader has seen. */
  since: number;
  max: number;
  /** Unix time in milliseconds. */
  now: number;
}

interface Unnumbered {
  /** The time of a row, Unix milliseconds. */
  time: SQL;
  isUnnumbered: SQL;
}

/** Lists rows in the order of their commits. */
export async function listInSequence<Table extends SQLiteTable & { sequence: SQLiteColumn }>(
  db: Db,
  table: Table,
  unnumbered: Unnumbered,
  slice: FeedSlice,
): Promise<Table["$inferSelect"][]> {
  const { rows } = await batch(db, {
    numbered: numberStatement(db, table, unnumbered, slice),
    rows: db
      .select()
      .from<SQLiteTable>(table)
      .where(gt(table.sequence, slice.since))
      .orderBy(asc(table.sequence))
      .limit(slice.max),
  });
  return rows;
}

/**
 * Numbers at most `max` rows that the previous release wrote, oldest first: it runs during an
 * update and after a rollback, and does not know sequences.
 */
function numberStatement(db: Db, table: SQLiteTable, { time, isUnnumbered }: Unnumbered, { max, now }: FeedSlice) {
  const rows = sql`select rowid as row, ${time} as at from ${table} where ${isUnnumbered} order by at limit ${max}`;
  const last = sql`max(coalesce((select max(sequence) from ${table}), 0), ${now * 1000}, max(at) over () * 1000)`;
  return db
    .update(table)
    .set({ sequence: sql`numbered.next` })
    .from(sql`(select row, ${last} + row_number() over (order by at, row) as next from (${rows})) as numbered`)
    .where(sql`${table}.rowid = numbered.row`);
}

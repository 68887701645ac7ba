import { type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Db } from "./db.ts";

/** Rows that nothing needs anymore. Each noun says which of its rows those are. */
export interface Stale {
  table: SQLiteTable;
  where: SQL | undefined;
}

/** Deletes at most `max` of these rows. Returns how many it deleted. */
export async function purge(db: Db, { table, where }: Stale, max: number): Promise<number> {
  const { meta } = await db.delete(table).where(sql`rowid in (select rowid from ${table} where ${where} limit ${max})`);
  return meta.changes;
}

/**
 * Matches rows beyond the newest `max` of a table, by their rowid, without counting them. An upper
 * bound: gaps in the rowids make it keep fewer.
 */
export const isBeyondNewest = (table: SQLiteTable, max: number) =>
  sql`rowid <= (select max(rowid) from ${table}) - ${max}`;

import { DrizzleQueryError, getTableColumns, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

export type Db = DrizzleD1Database;

/** Reads and writes at the primary. */
export const primary = (database: D1Database): Db => drizzle(database, { casing: "snake_case" });

/** Reads at the nearest replica, which may lag behind. */
export function replica(database: D1Database): Db {
  // Drizzle's type asks for a whole D1Database; it calls `prepare` and `batch`, which a D1 session has.
  const session = database.withSession("first-unconstrained") as unknown as D1Database;
  return drizzle(session, { casing: "snake_case" });
}

/** The row as a select list in the table's order, for `insert … select … where`: an insert on a condition. */
export function selectRow<T extends SQLiteTable>(table: T, row: Required<T["$inferInsert"]>): SQL {
  const columns = Object.entries(getTableColumns(table));
  const values = columns.map(([key, column]) => sql`${sql.param(row[key as keyof typeof row], column)}`);
  return sql`select ${sql.join(values, sql`, `)}`;
}

/** What made a storage act throw, undefined when it was something else. Drizzle's own error must not be logged: its
 *  message carries the bound parameters. */
export function storageFailure(error: Error): Error | undefined {
  if (error instanceof DrizzleQueryError) return error.cause ?? new Error("query failed");
  return error.message.startsWith("D1_") ? error : undefined;
}

import { DrizzleQueryError, getTableColumns, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Values } from "./prepared.ts";

export type Db = DrizzleD1Database & { $client: Pick<D1Database, "prepare" | "batch"> };

/** Reads and writes at the primary. */
export function primary(database: D1Database): Db {
  const client: Db["$client"] = {
    prepare: (query) => database.prepare(query),
    batch: (statements) => markStorageError(database.batch(statements)),
  };
  return drizzle(client as D1Database, { casing: "snake_case" });
}

/** What single queries are made with. */
export type Reader = Pick<Db, "select"> & { $client: Pick<D1Database, "prepare"> };

/** Reads at the nearest replica, which may lag behind; each query may go to another one. */
export function replica(database: D1Database): Reader {
  // Drizzle's type asks for a whole D1Database; for a single query it calls `prepare` alone.
  const client = { prepare: (query: string) => database.withSession("first-unconstrained").prepare(query) };
  return drizzle(client as D1Database, { casing: "snake_case" });
}

/** The row as a select list in the table's order, for `insert … select … where`: an insert on a condition. */
export function selectRow<T extends SQLiteTable>(table: T, row: Values<Required<T["$inferInsert"]>>): SQL {
  const columns = Object.entries(getTableColumns(table));
  const values = columns.map(([key, column]) => sql`${sql.param(row[key as keyof typeof row], column)}`);
  return sql`select ${sql.join(values, sql`, `)}`;
}

/** Marks what D1 throws, as Drizzle does for single queries: the words of a lost connection do not say whose it was. */
export async function markStorageError<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new DrizzleQueryError("", [], error as Error);
  }
}

/** What made a storage act throw, undefined when it was something else. Drizzle's own error must not be logged: its
 *  message carries the bound parameters. */
export const storageFailure = (error: Error): Error | undefined =>
  error instanceof DrizzleQueryError ? (error.cause ?? new Error("query failed")) : undefined;

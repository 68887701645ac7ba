import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Db } from "./db.ts";

/** A value, or an SQL expression, for every column by its name. */
type SelectedRow<Row> = { [Name in keyof Row]-?: Row[Name] | SQL };

/**
 * Inserts a row if a condition holds: `insert … select … from … where …`.
 *
 * `source` is the rest of the select, such as `from users where …`; one row is inserted for each
 * row that it yields. SQLite needs a `where` in it if an `on conflict` clause follows.
 */
export function insertSelect<T extends SQLiteTable>(
  db: Db,
  table: T,
  row: SelectedRow<T["$inferInsert"]>,
  source: SQL,
) {
  const values = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = row[name as keyof typeof row];
    return sql`${value instanceof Object && "getSQL" in value ? value : sql.param(value, column)}`;
  });
  return db.insert(table).select(sql`select ${sql.join(values, sql`, `)} ${source}`);
}

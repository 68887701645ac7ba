/**
 * The connection to D1: the primary and the replica, transactions whose results have names, inserts
 * that name their columns, and the errors of the database. It knows no table.
 */
import { DrizzleQueryError, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { errors } from "../errors.ts";
import { OwnError } from "../log.ts";

/** The primary database: reads and writes. */
export type Db = DrizzleD1Database & { $client: Pick<D1Database, "prepare" | "batch"> };

/** Creates the connection to the primary. */
export function primary(database: D1Database): Db {
  const connection: Db["$client"] = {
    prepare: (query) => database.prepare(query),
    batch: (statements) => markStorageError(database.batch(statements)),
  };
  return drizzle(connection as D1Database, { casing: "snake_case" });
}

/**
 * Creates a connection whose transactions begin with this statement. If it fails, nothing changes.
 */
export function startingWith({ $client }: Db, check: D1PreparedStatement): Db {
  const connection: Db["$client"] = {
    prepare: (query) => $client.prepare(query),
    batch: async <T>(statements: D1PreparedStatement[]) => (await $client.batch<T>([check, ...statements])).slice(1),
  };
  return drizzle(connection as D1Database, { casing: "snake_case" });
}

/** A database that only reads, one query at a time. */
export type Reader = Pick<Db, "select"> & { $client: Pick<D1Database, "prepare"> };

/**
 * Creates the connection to the nearest replica, which may lag; each query may reach another one.
 */
export function replica(database: D1Database): Reader {
  // Drizzle's type asks for a whole D1Database; for single queries it only calls `prepare`.
  const connection = {
    prepare: (query: string) => database.withSession("first-unconstrained").prepare(query),
  };
  return drizzle(connection as D1Database, { casing: "snake_case" });
}

type Statements = Record<string, BatchItem<"sqlite">>;
type Results<T extends Statements> = { [Name in keyof T]: T[Name]["_"]["result"] };

/**
 * Runs statements as one transaction and returns their results by name.
 *
 * The object's order is the order of execution: a statement sees what those above it changed.
 */
export async function batch<T extends Statements>(db: Db, statements: T): Promise<Results<T>> {
  const [first, ...rest] = Object.values(statements) as [BatchItem<"sqlite">, ...BatchItem<"sqlite">[]];
  const results = await db.batch([first, ...rest]);
  return Object.fromEntries(Object.keys(statements).map((name, n) => [name, results[n]])) as Results<T>;
}

/** Like `batch`, for statements in plain SQL. Returns their rows by name. */
export async function batchSql<Name extends string>(
  { $client }: Db,
  statements: Record<Name, D1PreparedStatement>,
): Promise<Record<Name, Record<string, unknown>[]>> {
  const results = await $client.batch<Record<string, unknown>>(Object.values(statements));
  return Object.fromEntries(Object.keys(statements).map((name, n) => [name, results[n]?.results ?? []])) as Record<
    Name,
    Record<string, unknown>[]
  >;
}

/** A value, or an SQL expression, for every column by its name. */
export type SelectedRow<Row> = { [Name in keyof Row]-?: Row[Name] | SQL };

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

/**
 * Marks errors of D1 as Drizzle marks those of single queries: the message of a lost connection
 * does not say that it came from the database.
 */
export async function markStorageError<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw new DrizzleQueryError("", [], error as Error);
  }
}

/** SQLite's messages about a missing table, column or index. They quote no values. */
const MISSING = /no such (table|column): [\w.]+|table \w+ has no column named \w+|ON CONFLICT clause does not match/;

/** The tables do not fit this version: it was deployed without its migrations. */
export class NotMigratedError extends OwnError {}

/**
 * The meanings of D1's messages (https://developers.cloudflare.com/d1/observability/debug-d1/), for
 * the log.
 */
const REASONS: [RegExp, string][] = [
  [/constraint/i, "A constraint refused the change."],
  [/full|maximum DB size/i, "The database is full."],
  [/overloaded|too many requests/i, "The database is overloaded."],
  [/time ?out|timed out|time limit|too long/i, "The database took too long."],
  [/memory limit/i, "The database ran out of memory."],
  [/connection|network|transient|reset/i, "The connection to the database was lost."],
];

/**
 * Returns a storage error with a text of our own, or undefined for any other error. The messages of
 * Drizzle contain the bound parameters.
 */
export function storageErrorOf(error: Error): OwnError | undefined {
  if (!(error instanceof DrizzleQueryError)) return undefined;
  const { message = "" } = error.cause ?? {};
  const [missing] = MISSING.exec(message) ?? [];
  if (missing)
    return new NotMigratedError(`${missing}. ${errors.database_not_migrated.detail}`, { cause: error.cause });
  const [, reason = "A query failed."] = REASONS.find(([pattern]) => pattern.test(message)) ?? [];
  return new OwnError(reason, { cause: error.cause });
}

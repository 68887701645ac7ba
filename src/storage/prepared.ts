// Drizzle takes longer to write a statement than D1 to run a simple one. What is asked all the time is written once an
// isolate, with places for its values. They go to the database as they are, whatever their columns would make of them, and
// rows are read by the names of their columns: no two may be called the same.
import { fillPlaceholders, type Placeholder, sql } from "drizzle-orm";
import type { BatchItem, BatchResponse } from "drizzle-orm/batch";
import { type Db, markStorageError, type Reader } from "./db.ts";

/** A value, or the place of one. Nothing can be computed with a place but in SQL. */
export type Value<T> = T | Placeholder;
export type Values<T> = { [Name in keyof T]: Value<T[Name]> };
export type Places<T> = { [Name in keyof T]: Placeholder<string, T[Name]> };

type Query = BatchItem<"sqlite"> & { prepare(): Statement };

interface Statement {
  getQuery(): { sql: string; params: unknown[] };
  mapResult(result: unknown, isFromBatch: boolean): unknown;
}

/** A query that is the same each time but for its values. */
export function prepared<T extends object, Q extends Query>(write: (db: Reader, places: Places<T>) => Q) {
  let statement: Statement | undefined;
  return async (db: Reader, values: T): Promise<Q["_"]["result"]> => {
    statement ??= write(db, placesOf<T>()).prepare();
    // Of a batch: as objects, which `all` answers too.
    return statement.mapResult(await markStorageError(bind(db, statement, values).all()), true);
  };
}

/** A transaction that is the same each time but for its values. */
export function preparedBatch<T extends object, Qs extends [Query, ...Query[]]>(
  write: (db: Db, places: Places<T>) => Qs,
) {
  let statements: Statement[] | undefined;
  return async (db: Db, values: T): Promise<BatchResponse<Qs>> => {
    statements ??= write(db, placesOf<T>()).map((query) => query.prepare());
    const written = statements;
    const results = await db.$client.batch(written.map((statement) => bind(db, statement, values)));
    return written.map((statement, n) => statement.mapResult(results[n], true)) as BatchResponse<Qs>;
  };
}

/** Each member is the place of that name. */
const placesOf = <T>() => new Proxy({}, { get: (_, name: string) => sql.placeholder(name) }) as Places<T>;

function bind(db: Reader, statement: Statement, values: object): D1PreparedStatement {
  const { sql: text, params } = statement.getQuery();
  return db.$client.prepare(text).bind(...fillPlaceholders(params, values as Record<string, unknown>));
}

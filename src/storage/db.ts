import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { markStorageError } from "./storage-error.ts";

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

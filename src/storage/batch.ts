import type { BatchItem } from "drizzle-orm/batch";
import type { Db } from "./db.ts";

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

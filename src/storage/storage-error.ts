import { DrizzleQueryError } from "drizzle-orm";

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

/**
 * Returns the cause of a storage error, or undefined for any other error. Drizzle's own error must
 * not be logged: its message contains the bound parameters.
 */
export const storageErrorOf = (error: Error): Error | undefined =>
  error instanceof DrizzleQueryError ? (error.cause ?? new Error("query failed")) : undefined;

import { logError, OwnError } from "../log.ts";
import { type Err, err } from "../result.ts";
import { storageErrorOf } from "../storage/db.ts";

/**
 * Logs an exception and returns what may be told about it: `storage_unavailable` or
 * `internal_error`.
 */
export function failureOf(thrown: unknown): Err {
  const error = thrown instanceof Error ? thrown : new OwnError("Something else than an error was thrown.");
  const storageError = storageErrorOf(error);
  logError(storageError ? "storage_failed" : "request_failed", storageError ?? error);
  return err(storageError ? "storage_unavailable" : "internal_error");
}

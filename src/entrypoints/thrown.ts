import { logError, OwnError } from "../log.ts";
import { type Err, err } from "../result.ts";
import { FileUnavailableError } from "../static-file.ts";
import { NotMigratedError, storageErrorOf } from "../storage/db.ts";

/**
 * Logs an exception and returns what the caller may know of it: `storage_unavailable`,
 * `database_not_migrated` or `internal_error`. The answer names the table only in development.
 */
export function failureOf(thrown: unknown): Err {
  const error = thrown instanceof Error ? thrown : new OwnError("Something else than an error was thrown.");
  const storageError = error instanceof FileUnavailableError ? error : storageErrorOf(error);
  logError(storageError ? "storage_failed" : "request_failed", storageError ?? error);
  if (storageError instanceof NotMigratedError) {
    const isDevelopment = process.env["NODE_ENV"] === "development";
    const { message } = storageError;
    return err("database_not_migrated", isDevelopment ? [{ path: "DB", code: "invalid_setting", message }] : undefined);
  }
  return err(storageError ? "storage_unavailable" : "internal_error");
}

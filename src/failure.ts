import { logError } from "./log.ts";
import { type Err, err } from "./result.ts";
import { storageFailure } from "./storage/db.ts";

/** Logs what was thrown, and says what a client may know of it: `storage_unavailable` or `internal_error`. */
export function failureOf(thrown: unknown): Err {
  const error = thrown instanceof Error ? thrown : new Error("not an error");
  const failure = storageFailure(error);
  logError(failure ? "storage_failed" : "request_failed", failure ?? error);
  return err(failure ? "storage_unavailable" : "internal_error");
}

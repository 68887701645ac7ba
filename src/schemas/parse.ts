import type * as z from "zod";
import { err, type FieldError, ok, type Result } from "../result.ts";

/** Parses a value. Returns `invalid_request` with the wire names of the invalid fields. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : err("invalid_request", fieldErrors(parsed.error.issues));
}

/** Converts zod issues to field errors. They do not contain the values that were sent. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join("."), message: "Unknown field." }))
      : [{ path: issue.path.join("."), message: issue.message }],
  );
}

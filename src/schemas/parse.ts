import type * as z from "zod";
import { err, type FieldError, ok, type Result } from "../result.ts";

/** What the schema makes of a value; `invalid_request` names the fields at fault by their wire names. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : err("invalid_request", fieldErrors(parsed.error.issues));
}

/** What was sent is not repeated. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join("."), message: "Unknown field." }))
      : [{ path: issue.path.join("."), message: issue.message }],
  );
}

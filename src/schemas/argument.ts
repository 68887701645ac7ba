import type * as z from "zod";
import { err, type Result } from "../result.ts";
import { isStrictJson } from "./json.ts";
import { parse } from "./parse.ts";

const MAX_BYTES = 16 * 1024;

/** What the schema makes of another Worker's argument, which has to be what a request's body can hold: `malformed_body`,
 *  `body_too_large`, `invalid_request`. */
export function parseArgument<Schema extends z.ZodType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
  const text = toJson(value);
  if (text === undefined) return err("malformed_body");
  if (new TextEncoder().encode(text).length > MAX_BYTES) return err("body_too_large");
  if (!isStrictJson(text)) return err("malformed_body");
  return parse(schema, JSON.parse(text));
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

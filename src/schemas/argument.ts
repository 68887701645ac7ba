import type * as z from "zod";
import { err, ok, type Result } from "../result.ts";
import { isStrictJson } from "./json.ts";
import { parse } from "./parse.ts";

const MAX_BYTES = 16 * 1024;

/**
 * Parses an argument of an RPC call. It must also be valid as a JSON body, so that RPC and HTTP
 * accept the same values.
 *
 * Errors: `malformed_body`, `body_too_large`, `invalid_request`.
 */
export function parseArgument<Schema extends z.ZodType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
  const text = toJson(value);
  if (!text.ok) return text;
  if (!isStrictJson(text.value)) return err("malformed_body");
  return parse(schema, JSON.parse(text.value));
}

/** Serializes a value. Stops when it gets too large, before it is serialized completely. */
function toJson(value: unknown): Result<string> {
  let room = MAX_BYTES;
  try {
    const text = JSON.stringify(value, (name, member) => {
      room -= name.length + (typeof member === "string" ? member.length : 1);
      if (room < 0 || ArrayBuffer.isView(member)) throw new RangeError();
      return member;
    });
    if (text === undefined) return err("malformed_body");
    return new TextEncoder().encode(text).length > MAX_BYTES ? err("body_too_large") : ok(text);
  } catch {
    return err(room < 0 ? "body_too_large" : "malformed_body");
  }
}

import type * as z from "zod/mini";
import { err, type FieldCode, type FieldError, ok, type Result } from "../result.ts";

/** Parses a value. Returns `invalid_request` with the wire names of the invalid fields. */
export function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : err("invalid_request", fieldErrors(parsed.error.issues, value));
}

/** Converts zod issues to field errors. They do not contain `input`, the value that was sent. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], input: unknown): FieldError[] {
  return issues.flatMap((issue): FieldError[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          path: [...issue.path, key].join("."),
          code: "unknown_field",
          message: `Unknown field.${hintFor(key)}`,
        }))
      : [toFieldError(issue, codeOf(issue, input))],
  );
}

/** Says where a field belongs that clients send to the wrong place. */
function hintFor(key: string): string {
  if (key === "grant_type") return " Send it in a URL-encoded form.";
  return /^(email|phone)$/.test(key) ? ` \`POST /users/me/${key}\` changes it.` : "";
}

const toFieldError = (issue: z.core.$ZodIssue, code: FieldCode): FieldError => ({
  path: issue.path.join("."),
  code,
  message: messageOf(issue, code),
});

/** What Zod Mini says if a check has no message: it has no texts in any language. */
const NO_MESSAGE = "Invalid input";

function messageOf(issue: z.core.$ZodIssue, code: FieldCode): string {
  switch (issue.code) {
    case "invalid_type":
      return code === "required" ? "Required." : `Must be of type ${issue.expected}.`;
    case "invalid_value":
      return `Must be one of: ${issue.values.join(", ")}.`;
    case "too_small":
    case "too_big":
      return issue.message === NO_MESSAGE ? limitOf(issue) : issue.message;
    default:
      return issue.message;
  }
}

/** The part of a custom check's options that sets the code of its error. */
export const coded = (code: FieldCode) => ({ params: { code } });

/** Without a code of its own, a custom check tests the format of a field or that it is there. */
function codeOf(issue: z.core.$ZodIssue, input: unknown): FieldCode {
  if (issue.code === "custom" && issue.params?.["code"]) return issue.params["code"];
  const value = issue.path.reduce<unknown>((outer, name) => (outer as Record<PropertyKey, unknown>)?.[name], input);
  if (value === undefined || value === null) return "required";
  if (issue.code === "too_small") return isOfNumber(issue) ? "out_of_range" : "too_short";
  if (issue.code === "too_big") return isOfNumber(issue) ? "out_of_range" : "too_long";
  if (issue.code === "invalid_type") return "wrong_type";
  return issue.code === "invalid_value" ? "invalid_value" : "invalid_format";
}

type LimitIssue = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

/** The value itself may be text that was converted. */
const isOfNumber = ({ origin }: LimitIssue) => origin === "number" || origin === "int";

/** Says which limit a number, a text or a list is beyond. Each limit includes its bound. */
function limitOf(issue: LimitIssue): string {
  const [fault, bound] = issue.code === "too_small" ? ["small", `>=${issue.minimum}`] : ["big", `<=${issue.maximum}`];
  const unit = issue.origin === "array" ? "items" : "characters";
  return `Too ${fault}: expected ${issue.origin} to ${isOfNumber(issue) ? `be ${bound}` : `have ${bound} ${unit}`}`;
}

const STRINGS_AND_BRACES = /("(?:[^"\\]|\\.)*")\s*(:?)|[{}]/g;

/**
 * Tests whether a text is unambiguous JSON (I-JSON, RFC 7493): no duplicate names in an object, and
 * no NUL or lone surrogates in strings, which storage would change.
 */
export function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }

  const objects: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(STRINGS_AND_BRACES)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else {
      const decoded: string = JSON.parse(string as string);
      if (!isStorable(decoded)) return false;
      if (!colon) continue;

      const names = objects.at(-1);
      if (names?.has(decoded)) return false;
      names?.add(decoded);
    }
  }
  return true;
}

/** Tests whether the database returns a text unchanged. */
export const isStorable = (text: string) => text.isWellFormed() && !text.includes("\0");

const MAX_BYTES = 16 * 1024;

/**
 * Parses an argument of an RPC call. It must also be valid as a JSON body, so that RPC and HTTP
 * accept the same values.
 *
 * Errors: `malformed_body`, `body_too_large`, `invalid_request`.
 */
export function parseArgument<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): Result<z.output<Schema>> {
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

import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import type * as z from "zod";
import { err } from "../result.ts";
import { isStorable, isStrictJson } from "../schemas/json.ts";
import { fieldErrors, parse } from "../schemas/parse.ts";
import { problem } from "./problem.ts";

const FORM = "application/x-www-form-urlencoded";

export const MAX_BODY_BYTES = 16 * 1024;

/** Takes a JSON body, parsed as `c.req.valid("json")`. 400 what is not strict JSON, 415 another type, 422 what the
 *  schema refuses. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  const validate = zValidator("json", schema, (result, c) =>
    result.success ? undefined : problem(c, err("invalid_request", fieldErrors(result.error.issues))),
  );
  const guarded: typeof validate = async (c, next) => {
    if (!hasMediaType(c, "application/json")) return problem(c, err("unsupported_media_type"));
    const text = await readText(c);
    if (text === undefined || !isStrictJson(text)) return problem(c, err("malformed_body"));
    return validate(c, next);
  };
  return guarded;
}

/** Takes a JSON body as `body` does, or no body, which counts as `{}`. */
export function optionalBody<Schema extends z.ZodType<object>>(schema: Schema) {
  const json = body(schema);
  const either: typeof json = async (c, next) => {
    const { byteLength } = await c.req.arrayBuffer();
    if (byteLength > 0) return json(c, next);

    c.req.addValidatedData("json", schema.parse({}));
    return next();
  };
  return either;
}

/** Takes a JSON body as `body` does, or a URL-encoded form, which its own schema turns into the same thing. */
export function bodyOrForm<Schema extends z.ZodType>(schema: Schema, form: z.ZodType<z.output<Schema>>) {
  const json = body(schema);
  const either: typeof json = async (c, next) => {
    if (!hasMediaType(c, FORM)) return json(c, next);
    const fields = await readForm(c);
    if (!fields) return problem(c, err("malformed_body"));

    const parsed = parse(form, fields);
    if (!parsed.ok) return problem(c, parsed);
    c.req.addValidatedData("json", parsed.value as object);
    return next();
  };
  return either;
}

/** The fields of a URL-encoded form; undefined when it is none or holds what cannot be read. */
export const readForm = async (c: Context): Promise<Record<string, string> | undefined> =>
  hasMediaType(c, FORM) ? parseForm(await readText(c)) : undefined;

/** RFC 6838 names are caseless; the only parameter that either type may have is the charset, and that is UTF-8. */
function hasMediaType(c: Context, expected: string): boolean {
  const [type = "", ...parameters] = (c.req.header("content-type") ?? "").split(";").map((part) => part.trim());
  return type.toLowerCase() === expected && parameters.every((parameter) => /^(charset="?utf-?8"?)?$/i.test(parameter));
}

/** The body as text; undefined when it is not UTF-8. */
async function readText(c: Context): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await c.req.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** A form as an object; undefined when it names a field twice or holds what cannot be stored. */
function parseForm(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const fields = [...new URLSearchParams(text)];
  const names = new Set(fields.map(([name]) => name));
  if (names.size < fields.length || !fields.flat().every(isStorable)) return undefined;
  return Object.fromEntries(fields);
}

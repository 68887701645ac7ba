/**
 * Middleware that reads and validates request bodies.
 *
 * It accepts strict JSON (`isStrictJson`) and, for some routes, URL-encoded forms. A handler gets
 * the parsed input from `c.req.valid("json")`.
 */
import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type * as z from "zod";
import { err } from "../result.ts";
import { fieldErrors, isStorable, isStrictJson, parse } from "../schemas/parse.ts";
import { fail } from "./answer.ts";

const FORM = "application/x-www-form-urlencoded";

const MAX_BODY_BYTES = 16 * 1024;

/** Stops reading a body after 16 KiB. Errors: `body_too_large`. */
export const limitBody = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => fail(c, err("body_too_large")) });

/**
 * Reads a JSON body into `c.req.valid("json")`.
 *
 * Errors: `unsupported_media_type`, `malformed_body` if it is not strict JSON, `invalid_request` if
 * the schema rejects it.
 */
export function body<Schema extends z.ZodType>(schema: Schema) {
  const validate = zValidator("json", schema, (result, c) =>
    result.success ? undefined : fail(c, err("invalid_request", fieldErrors(result.error.issues, result.data))),
  );
  const guarded: typeof validate = async (c, next) => {
    if (!hasMediaType(c, "application/json")) return fail(c, err("unsupported_media_type"));
    const text = await readText(c);
    if (text === undefined || !isStrictJson(text)) return fail(c, err("malformed_body"));
    return validate(c, next);
  };
  return guarded;
}

/** Reads the query into `c.req.valid("query")`. Errors: `invalid_request`. */
export const query = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator("query", schema, (result, c) =>
    result.success ? undefined : fail(c, err("invalid_request", fieldErrors(result.error.issues, result.data))),
  );

/** Like `body`, but treats an empty body as `{}`. */
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

/** Like `body`, but also accepts a URL-encoded form, which `form` transforms into the input. */
export function bodyOrForm<Schema extends z.ZodType>(schema: Schema, form: z.ZodType<z.output<Schema>>) {
  const json = body(schema);
  const either: typeof json = async (c, next) => {
    if (!hasMediaType(c, FORM)) return json(c, next);
    const fields = await readForm(c);
    if (!fields) return fail(c, err("malformed_body"));

    const parsed = parse(form, fields);
    if (!parsed.ok) return fail(c, parsed);
    c.req.addValidatedData("json", parsed.value as object);
    return next();
  };
  return either;
}

/** Reads the fields of a URL-encoded form. Returns undefined if it is not one or cannot be read. */
export const readForm = async (c: Context): Promise<Record<string, string> | undefined> =>
  hasMediaType(c, FORM) ? parseForm(await readText(c)) : undefined;

/**
 * Tests the media type of a request. Names are case-insensitive (RFC 6838). The only parameter that
 * is accepted is `charset=utf-8`.
 */
function hasMediaType(c: Context, expected: string): boolean {
  const [type = "", ...parameters] = (c.req.header("content-type") ?? "").split(";").map((part) => part.trim());
  return type.toLowerCase() === expected && parameters.every((parameter) => /^(charset="?utf-?8"?)?$/i.test(parameter));
}

/** Reads the body as text. Returns undefined if it is not UTF-8. */
async function readText(c: Context): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await c.req.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** Parses a form. Returns undefined if it repeats a field or has text that storage would change. */
function parseForm(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const fields = [...new URLSearchParams(text)];
  const names = new Set(fields.map(([name]) => name));
  if (names.size < fields.length || !fields.flat().every(isStorable)) return undefined;
  return Object.fromEntries(fields);
}

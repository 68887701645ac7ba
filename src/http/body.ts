/**
 * Middleware that reads and validates request bodies.
 *
 * A handler gets the parsed input of strict JSON (`isStrictJson`) from `c.req.valid("json")`. Pages
 * and token endpoints read URL-encoded forms.
 */
import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import type * as z from "zod/mini";
import { err } from "../result.ts";
import { fieldErrors, isStorable, isStrictJson } from "../schemas/parse.ts";
import { fail } from "./answer.ts";

const MAX_BODY_BYTES = 16 * 1024;

const limitSize = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => fail(c, err("body_too_large")) });

/**
 * Stops reading a body after 16 KiB, and refuses a compressed one, whose size would say little.
 * Errors: `body_too_large`, `unsupported_media_type`.
 */
export const limitBody = createMiddleware(async (c, next) => {
  const encoding = c.req.header("content-encoding") ?? "identity";
  if (!c.req.raw.body || /^(identity)?$/i.test(encoding)) return limitSize(c, next);
  // Distinguishes a compressed body from a wrong media type (RFC 9110 §12.5.3).
  c.header("Accept-Encoding", "identity");
  return fail(c, {
    ...err("unsupported_media_type"),
    detail: "Send the body uncompressed, without `Content-Encoding`.",
  });
});

/**
 * Reads a JSON body into `c.req.valid("json")`.
 *
 * Errors: `unsupported_media_type`, `malformed_body` if it is not strict JSON, `invalid_request` if
 * the schema rejects it.
 */
export function body<Schema extends z.ZodMiniType>(schema: Schema) {
  const validate = zValidator("json", schema, (result, c) =>
    result.success ? undefined : fail(c, err("invalid_request", fieldErrors(result.error.issues, result.data))),
  );
  const guarded: typeof validate = async (c, next) => {
    if (!(JSON_TYPE.test(contentType(c)) && UTF8_TYPE.test(contentType(c))))
      return fail(c, err("unsupported_media_type"));
    const text = await readText(c);
    if (text === undefined || !isStrictJson(text)) return fail(c, err("malformed_body"));
    return validate(c, next);
  };
  return guarded;
}

/** Reads the query into `c.req.valid("query")`. Errors: `invalid_request`. */
export const query = <Schema extends z.ZodMiniType>(schema: Schema) =>
  zValidator("query", schema, (result, c) =>
    result.success ? undefined : fail(c, err("invalid_request", fieldErrors(result.error.issues, result.data))),
  );

/** Like `body`, but treats an empty body as `{}`. */
export function optionalBody<Schema extends z.ZodMiniType<object>>(schema: Schema) {
  const json = body(schema);
  const either: typeof json = async (c, next) => {
    const { byteLength } = await c.req.arrayBuffer();
    if (byteLength > 0) return json(c, next);

    c.req.addValidatedData("json", schema.parse({}));
    return next();
  };
  return either;
}

/** Tests whether a request is a URL-encoded form. */
export const isForm = (c: Context): boolean => FORM_TYPE.test(contentType(c));

/**
 * Reads the fields of a URL-encoded form. Returns undefined if it is not a form, cannot be read, or
 * repeats a field. Only `resource` may be repeated (RFC 8707 §2): its values are joined by spaces,
 * which no resource has.
 */
export async function readForm(c: Context): Promise<Record<string, string> | undefined> {
  const text = isForm(c) ? await readText(c) : undefined;
  return UTF8_TYPE.test(contentType(c)) || ASCII_FORM.test(text ?? "") ? parseForm(text) : undefined;
}

const contentType = (c: Context) => c.req.header("content-type") ?? "";

/** Media types of forms and JSON (RFC 6839 §3.1). Names are case-insensitive (RFC 6838). */
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;
/** No parameter but `charset=utf-8`. */
const UTF8_TYPE = /^[^;]*(;(\s*charset="?utf-?8"?)?\s*)*$/i;
/** A form that is the same in UTF-8 and in another charset, which clients name without need. */
const ASCII_FORM = /^([^%\u0080-\uffff]|%[0-7])*$/;

/** Reads the body as text, without a byte order mark. Returns undefined if it is not UTF-8. */
async function readText(c: Context): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await c.req.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** Parses a form. Returns undefined if it has text that storage would change. */
function parseForm(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const params = new URLSearchParams(text);
  const resources = params.getAll("resource").filter(Boolean);
  if (resources.length > 0) params.set("resource", resources.join(" "));
  const fields = [...params];
  const names = new Set(fields.map(([name]) => name));
  if (names.size < fields.length || !fields.flat().every(isStorable)) return undefined;
  return Object.fromEntries(fields);
}

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type * as z from "zod/mini";
import type { AppEnv } from "../http/app-env.ts";
import { limitBody, readForm } from "../http/body.ts";
import { err, type Result } from "../result.ts";
import { parse } from "../schemas/parse.ts";
import { isLeftEmpty } from "../schemas/typed.ts";
import { failurePage } from "./failure-page.tsx";

/**
 * Rejects forms that another site sent, with a page for `origin_not_allowed` (CSRF), and those
 * above 16 KiB.
 *
 * Browsers since 2023 send `Sec-Fetch-Site`. It comes first, because their `Origin` is `null` here:
 * our pages have the referrer policy `no-referrer`.
 */
export const fromOwnPage = createMiddleware<AppEnv>(async (c, next) => {
  const site = c.req.header("sec-fetch-site");
  const isOwn = site ? site === "same-origin" : c.req.header("origin") === c.var.deps.config.ISSUER;
  return isOwn ? limitBody(c, next) : failurePage(c, err("origin_not_allowed"));
});

/** The fields of a form as sent, and as the schema parsed them. */
export interface Submitted<T> {
  values: Record<string, string>;
  parsed: Result<T>;
}

/**
 * Reads and parses a form. Browsers send empty fields too: the schema sees them as absent, or as
 * `empty`. Errors: `malformed_body`, `invalid_request`.
 */
export async function readSubmitted<Schema extends z.ZodMiniType>(
  c: Context,
  schema: Schema,
  empty: undefined | null = undefined,
): Promise<Submitted<z.output<Schema>>> {
  const values = await readForm(c);
  if (!values) return { values: {}, parsed: err("malformed_body") };
  // For `actOnce`.
  const { form_id: _, ...typed } = values;
  const fields = Object.entries(typed).map(([name, value]) => [name, isLeftEmpty(name, value) ? empty : value]);
  return { values, parsed: parse(schema, Object.fromEntries(fields.filter(([, value]) => value !== undefined))) };
}

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type * as z from "zod";
import { fail } from "../http/answer.ts";
import type { AppEnv } from "../http/app-env.ts";
import { limitBody, readForm } from "../http/body.ts";
import { err, type Result } from "../result.ts";
import { parse } from "../schemas/parse.ts";

/**
 * Accepts forms that one of our own pages sent, because cookies go along with whatever another site
 * makes a browser send. Browsers tell by `Sec-Fetch-Site`; `Origin` is null, since our pages send no
 * referrer. Fails with `origin_not_allowed` or `body_too_large`.
 */
export const fromOwnPage = createMiddleware<AppEnv>(async (c, next) => {
  const site = c.req.header("sec-fetch-site");
  const isOwn = site ? site === "same-origin" : c.req.header("origin") === c.var.deps.config.ISSUER;
  return isOwn ? limitBody(c, next) : fail(c, err("origin_not_allowed"));
});

/** What was typed, and what the schema of the API makes of it. */
export interface Submitted<T> {
  values: Record<string, string>;
  parsed: Result<T>;
}

/** The fields of a form. Browsers send empty ones too: they count as not given, or as this. */
export async function readSubmitted<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  empty: undefined | null = undefined,
): Promise<Submitted<z.output<Schema>>> {
  const values = await readForm(c);
  if (!values) return { values: {}, parsed: err("malformed_body") };
  const fields = Object.entries(values)
    .map(([name, value]) => [name, tidy(name, value)])
    .map(([name, value]) => [name, value === "" ? empty : value]);
  return { values, parsed: parse(schema, Object.fromEntries(fields.filter(([, value]) => value !== undefined))) };
}

/** As it was meant: phones add a space after a word, and codes are pasted in groups. Passwords are taken verbatim. */
function tidy(name: string, value: string): string {
  if (name.includes("password")) return value;
  return name === "otp" ? value.replace(/\s/g, "") : value.trim();
}

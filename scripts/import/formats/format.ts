/** What a format of an export is: the layout of its file, and an account from a record of it. */
import type * as z from "zod/mini";
import { ok, type Result } from "../../../src/result.ts";
import { parse } from "../../../src/schemas/parse.ts";
import type { AccountInput } from "../account.ts";
import type { Layout } from "../records.ts";

export interface Format extends Layout {
  /** Errors name fields of the source. Undefined: the record is no account of a person. */
  toAccount: (record: unknown) => Result<object | undefined>;
}

/** Creates a format: the schema reads the fields that matter, the function maps them. */
export const format = <Schema extends z.ZodMiniType>(
  schema: Schema,
  toAccount: (row: z.output<Schema>) => AccountInput | undefined,
  layout: Layout = {},
): Format => ({
  ...layout,
  toAccount(record) {
    const row = parse(schema, record);
    return row.ok ? ok(toAccount(row.value)) : row;
  },
});

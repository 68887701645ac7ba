import * as z from "zod";

/**
 * An optional field of a request. `null` means absent: clients in many languages serialize an unset
 * field so. A field that `null` clears is `nullish` instead.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.optional(schema.nullable().transform((value) => value ?? undefined));

/** As `optional`, with a value for an absent field. */
export const optionalOr = <Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>) =>
  schema
    .nullish()
    .meta({ default: fallback })
    .transform((value) => value ?? fallback);

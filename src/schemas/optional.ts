import * as z from "zod";
import { isBlank } from "./typed.ts";

type Nullable<Schema extends z.ZodType> = z.ZodType<z.output<Schema> | null, z.input<Schema> | null>;
export type Clearable<Schema extends z.ZodType> = z.ZodOptional<Nullable<Schema>>;

/** A field that can be null. An empty text means null: many clients send it for an unset field. */
function nullable<Schema extends z.ZodType>(schema: Schema, isEmpty = isBlank): Nullable<Schema> {
  const nullIfEmpty = (value: unknown) => (typeof value === "string" && isEmpty(value) ? null : value);
  return z.transform(nullIfEmpty).pipe(schema.nullable()) as unknown as Nullable<Schema>;
}

/** A field that can be omitted, and that null or an empty text clears. */
export const clearable = <Schema extends z.ZodType>(schema: Schema): Clearable<Schema> => z.optional(nullable(schema));

/**
 * An optional field of a request. Null and an empty text mean absent: clients in many languages
 * serialize an unset field so. `isEmpty` tests for an empty text in another way.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema, isEmpty = isBlank) =>
  z.optional(nullable(schema, isEmpty).transform((value) => value ?? undefined));

/** As `optional`, with a value for an absent field. */
export const optionalOr = <Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>) =>
  clearable(schema.meta({ default: fallback })).transform((value) => value ?? fallback);

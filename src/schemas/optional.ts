import * as z from "zod/mini";
import { isBlank } from "./typed.ts";

type Nullable<Schema extends z.ZodMiniType> = z.ZodMiniType<z.output<Schema> | null, z.input<Schema> | null>;
export type Clearable<Schema extends z.ZodMiniType> = z.ZodMiniOptional<Nullable<Schema>>;

const nullIf = (isEmpty: (text: string) => boolean) =>
  z.transform((value: unknown) => (typeof value === "string" && isEmpty(value) ? null : value));
// All fields share these.
const nullIfBlank = nullIf(isBlank);
/** For texts in which spaces count, such as passwords. */
export const nullIfEmpty = nullIf((text) => text === "");
const absentIfNull = z.transform((value: unknown) => value ?? undefined);

/** A field that can be null. An empty text means null: many clients send it for an unset field. */
const nullable = <Schema extends z.ZodMiniType>(schema: Schema, emptyAsNull = nullIfBlank): Nullable<Schema> =>
  z.pipe(emptyAsNull, z.nullable(schema)) as unknown as Nullable<Schema>;

/** A field that can be omitted, and that null or an empty text clears. */
export const clearable = <Schema extends z.ZodMiniType>(schema: Schema): Clearable<Schema> =>
  z.optional(nullable(schema));

/**
 * An optional field of a request. Null and an empty text mean absent: clients in many languages
 * serialize an unset field so. `emptyAsNull` says which texts are empty: blank ones by default.
 */
export const optional = <Schema extends z.ZodMiniType>(schema: Schema, emptyAsNull = nullIfBlank) =>
  z.optional(
    z.pipe(
      nullable(schema, emptyAsNull),
      absentIfNull as z.ZodMiniTransform<z.output<Schema> | undefined, z.output<Schema> | null>,
    ),
  );

/**
 * Replaces what the schema refuses with a value. As zod's `catch`, which adds 2 KiB of unused
 * helpers to the bundle.
 */
export const orElse = <Schema extends z.ZodMiniType>(schema: Schema, fallback: z.output<Schema>) =>
  z.pipe(
    z.optional(z.unknown()),
    z.transform((value): z.output<Schema> => {
      const parsed = z.safeParse(schema, value);
      return parsed.success ? parsed.data : fallback;
    }),
  );

/** As `optional`, with a value for an absent field. */
export const optionalOr = <Schema extends z.ZodMiniType>(schema: Schema, fallback: z.output<Schema>) =>
  z.pipe(
    clearable(schema.check(z.meta({ default: fallback }))),
    z.transform((value) => value ?? fallback),
  );

import type * as z from "zod";

/**
 * Compile-time checks that a schema matches the contract. `satisfies RequestFields<X>` on the
 * fields of a schema reports a field that is missing, unknown, or of another type than in `X`.
 *
 * Each check has two directions. The parameters of `z.ZodType` are covariant: the schema accepts
 * or returns no more than the contract. The parameter of `decode` or `encode` is contravariant:
 * the schema accepts or returns no less.
 */

/** A schema that accepts exactly `Wire`. */
export type Accepts<Wire> = z.ZodType<unknown, Wire> & { decode: (value: Wire) => unknown };

/** A schema that returns exactly `Wire`. */
export type Returns<Wire> = z.ZodType<Wire> & { encode: (value: Wire) => unknown };

// `& string` makes every field required here, also those that are optional in `Wire`.
export type RequestFields<Wire> = { [Name in keyof Wire & string]: Accepts<Wire[Name]> };
export type ResponseFields<Wire> = { [Name in keyof Wire & string]: Returns<Wire[Name]> };

/** Text fields of which a request gives one. `Either` is a union of objects, one for each field. */
export type OneOfFields<Either> = Record<NameIn<Either>, Accepts<string | null | undefined>>;
type NameIn<Either> = Either extends unknown ? keyof Either : never;

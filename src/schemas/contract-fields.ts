import type * as z from "zod/mini";

/**
 * Compile-time checks that a schema matches the contract. `satisfies RequestFields<X>` on the
 * fields of a schema reports a field that is missing, unknown, or of another type than in `X`.
 *
 * Each check has two directions. The parameters of `z.ZodMiniType` are covariant: the schema
 * accepts or returns no more than the contract. The parameter of `register` is contravariant: the
 * schema accepts or returns no less.
 */

/**
 * A schema that can be added to a registry with such an entry. `register` is the only member of a
 * schema that takes a value of its type.
 */
interface Takes<Meta extends object, Entry> {
  register: (registry: z.core.$ZodRegistry<Meta>, entry: Entry) => unknown;
}

/** A schema that accepts exactly `Wire`. */
export type Accepts<Wire> = z.ZodMiniType<unknown, Wire> & Takes<{ input: z.core.$input }, { input: Wire }>;

/** A schema that returns exactly `Wire`. */
export type Returns<Wire> = z.ZodMiniType<Wire> & Takes<{ output: z.core.$output }, { output: Wire }>;

// `& string` makes every field required here, also those that are optional in `Wire`.
export type RequestFields<Wire> = { [Name in keyof Wire & string]: Accepts<Wire[Name]> };
export type ResponseFields<Wire> = { [Name in keyof Wire & string]: Returns<Wire[Name]> };

/** Text fields of which a request gives one. `Either` is a union of objects, one for each field. */
export type OneOfFields<Either> = Record<NameIn<Either>, Accepts<string | null | undefined>>;
type NameIn<Either> = Either extends unknown ? keyof Either : never;

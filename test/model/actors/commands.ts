import fc from "fast-check";
import type { Actor } from "../people.ts";
import type { ActName, Step, StepOf } from "../steps.ts";

/** Something that an actor may do next: one step, or several that belong together. */
export interface Command {
  weight: number;
  arbitrary: fc.Arbitrary<Step[]>;
}

type Fields<Name extends ActName> = {
  [Key in keyof Omit<StepOf<Name>, "who" | "act">]: fc.Arbitrary<StepOf<Name>[Key]>;
};

/** One step of an actor. Fields that say nothing are left out: 0 is the newest, false the rule. */
export const step = <Name extends ActName>(who: Actor, act: Name, fields: Fields<Name>): fc.Arbitrary<Step> =>
  fc
    .record({ who: fc.constant(who), act: fc.constant(act), ...fields })
    .map((full) => Object.fromEntries(Object.entries(full).filter(([, value]) => value)) as unknown as Step);

/** A command of these steps, one after the other. */
export const command = (weight: number, ...steps: fc.Arbitrary<Step>[]): Command => ({
  weight,
  arbitrary: fc.tuple(...steps),
});

/** Mostly the newest. */
const mostlyFirst = (max: number) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(max) });

/** Picks a token: mostly the newest one of any of the last sessions. */
export const token = () => ({ session: mostlyFirst(2), age: mostlyFirst(3) });
export const newest = () => ({ session: fc.constant(0), age: fc.constant(0) });
export const letter = () => ({ letter: mostlyFirst(2) });
export const scope = fc.constantFrom("local", "others", "global");
export const by = fc.constantFrom("access", "refresh");
/** A proof of a second factor: mostly a right one that was not used. */
export const secondFactor = () => ({
  by: fc.constantFrom("app", "app", "code", "passkey"),
  n: mostlyFirst(2),
  later: fc.boolean(),
  guess: seldom(),
  replay: seldom(),
  twice: seldom(),
});
/** Picks a login token: mostly the newest. */
export const loginToken = () => ({ token: mostlyFirst(1) });
const seldom = () =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
export const some = <const T>(...values: T[]) => fc.constantFrom(...values);

/**
 * The peppers of rotations.
 *
 * Secrets cannot be read back, so a rotation does not change one: it adds `PEPPER_<time>`, used for
 * new values from that time on (Unix seconds). For a moment instances of the Worker run that do not
 * know it; until its time, none creates a value that they could not read.
 */
import { PEPPER_NAME } from "./values.ts";

/**
 * Picks the peppers from the variables, the one for new values first, and says when another one
 * takes its place (Unix time in milliseconds). Those of later times come last: they only verify.
 * `earlier` is the number of those that were used before.
 */
export function orderPeppers<Value>(variables: [name: string, value: Value][], now: number) {
  // The names sort as their times do, which have as many digits. The one without a time is first.
  const peppers = variables.filter(([name]) => PEPPER_NAME.test(name)).sort();
  const started = peppers.filter(([name]) => name <= nameOfPepper(now));
  const pending = peppers.slice(started.length);
  const [next] = started.length > 0 ? pending : pending.slice(1);
  return {
    ordered: [...started.reverse(), ...pending],
    earlier: Math.max(started.length - 1, 0),
    nextAt: next ? startOf(next[0]) : Number.POSITIVE_INFINITY,
  };
}

/** Returns the name of a pepper that is used from this time on (Unix time in milliseconds). */
export const nameOfPepper = (startsAt: number): string => `PEPPER_${Math.floor(startsAt / 1000)}`;

/** Returns when a pepper begins to be used (Unix time in milliseconds). */
export const startOf = (name: string): number => Number(PEPPER_NAME.exec(name)?.[1] ?? 0) * 1000;

import type { Invariant } from "./invariant-names.ts";
import type { Violation } from "./invariants.ts";
import { run } from "./run.ts";
import { scenarioOf } from "./scenarios.ts";
import { shrink } from "./shrink.ts";
import type { Scenario } from "./steps.ts";

/** A scenario in which an invariant does not hold. */
export interface Failure extends Violation {
  scenario: Scenario;
}

interface Exploration {
  /** The seed of the first scenario. Each scenario has the next one. */
  seed: number;
  seconds: number;
  invariants: readonly Invariant[];
  /** After this number of failures, an invariant is no longer checked. */
  maxPerInvariant: number;
  report: (failure: Failure, seed: number, runs: number) => void;
}

/** Plays random scenarios until the time is up. Returns the number of scenarios and their steps. */
export async function explore({ seed, seconds, invariants, maxPerInvariant, report }: Exploration) {
  // The scenarios stop the clock, but not this one.
  const end = performance.now() + seconds * 1000;
  const found = new Map<Invariant, number>();
  let [runs, steps] = [0, 0];
  while (performance.now() < end) {
    const open = invariants.filter((invariant) => (found.get(invariant) ?? 0) < maxPerInvariant);
    if (open.length === 0) break;
    const scenario = scenarioOf(seed + runs++);
    const { violation, steps: done } = await run(scenario, open);
    steps += done.length;
    if (!violation) continue;
    const { invariant, detail } = violation;
    found.set(invariant, (found.get(invariant) ?? 0) + 1);
    report({ invariant, detail, scenario: await shrink(scenario, invariant) }, seed + runs - 1, runs);
  }
  return { runs, steps };
}

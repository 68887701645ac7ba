import type { Invariant } from "./invariant-names.ts";
import { run } from "./run.ts";
import type { Scenario, Step } from "./steps.ts";

/**
 * Makes a failing scenario smaller while the same invariant fails: leaves out runs of steps, ever
 * shorter ones, then what disturbs a step. Stops after `maxAttempts` attempts.
 */
export async function shrink(scenario: Scenario, invariant: Invariant, maxAttempts = 300): Promise<Scenario> {
  let best = scenario;
  let attempts = 0;
  const improves = async (candidate: Scenario): Promise<boolean> => {
    if (++attempts > maxAttempts) return false;
    const { violation, steps } = await run(candidate, [invariant]);
    if (!violation) return false;
    best = { ...candidate, steps };
    return true;
  };

  for (const option of ["slowQueue", "siege", "rescue", "policy", "codesOnly", "providersOnly"] as const) {
    if (best[option]) await improves(without(best, option));
  }
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    // From the end: what comes late often does not matter.
    for (let at = best.steps.length - size; at > -size; at -= size) {
      const from = Math.max(at, 0);
      if (from < best.steps.length) await improves({ ...best, steps: best.steps.toSpliced(from, at + size - from) });
    }
  }
  for (let at = best.steps.length - 1; at >= 0; at--) {
    for (let step: Step | undefined; step !== best.steps[at]; ) {
      step = best.steps[at];
      for (const simpler of step ? simplerThan(step) : []) {
        if (await improves({ ...best, steps: best.steps.toSpliced(at, 1, ...simpler) })) break;
      }
    }
  }
  for (let at = best.steps.length - 1; at >= 0; at--) {
    if (at < best.steps.length) await improves({ ...best, steps: best.steps.toSpliced(at, 1) });
  }
  return best;
}

function without<T extends object>(item: T, ...names: string[]): T {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name))) as T;
}

/** The same without the disturbance, and with fewer fields. */
function simplerThan(step: Step): Step[][] {
  if ("fault" in step) return [[step.step]];
  if ("both" in step) {
    const [one, other] = step.both;
    return [[one], [other], [one, other], [other, one]];
  }
  const optional = [
    "phone",
    "username",
    "email",
    "session",
    "age",
    "letter",
    "password",
    "n",
    "later",
    "half",
    "late",
    "token",
    "trust",
    "twice",
    "of",
    "guesses",
    "identifier",
    "elsewhere",
    "from",
    "account",
    "claims",
    "at",
    "by",
    "injected",
    "signedIn",
    "app",
    "as",
    "secret",
    "scopes",
    "resource",
    "deny",
    "quiet",
    "inApp",
    "code",
    "device",
    "wrong",
    "stay",
    "times",
    "asCode",
  ];
  // A copy needs somebody to copy from.
  const isCopy = ["steal", "copySecret", "stealFromApp"].includes(step.act);
  const isNeeded = (name: string) => name === "from" && isCopy;
  return optional.filter((name) => name in step && !isNeeded(name)).map((name) => [without(step, name)]);
}

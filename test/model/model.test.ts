import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { explore, type Failure } from "./explore.ts";
import KEPT from "./failures.json" with { type: "json" };
import { INVARIANTS, type Invariant } from "./invariant-names.ts";
import { KNOWN_HOLES } from "./known-holes.ts";
import { run } from "./run.ts";
import { describeStep, type Scenario } from "./steps.ts";

const settings = env as Env & Record<"MODEL_SECONDS" | "MODEL_SEED" | "MODEL_INVARIANTS" | "MODEL_FAILURES", string>;
const SECONDS = Number(settings.MODEL_SECONDS);
const SEED = Number(settings.MODEL_SEED);
const chosen = settings.MODEL_INVARIANTS.split(",").filter((name) => name !== "");
const checked = INVARIANTS.filter((name) => (chosen.length > 0 ? chosen.includes(name) : !KNOWN_HOLES.includes(name)));

beforeEach(() => {
  // Faults are logged.
  vi.spyOn(console, "error").mockImplementation(() => {});
});

const told = ({ invariant, detail, scenario }: Failure) =>
  [`${invariant}: ${detail}`, ...scenario.steps.map((step) => `  ${describeStep(step)}`)].join("\n");

describe("a sequence of acts that once broke an invariant", () => {
  it.each(KEPT as { invariant: Invariant; found: string; scenario: Scenario }[])(
    "breaks $invariant no more ($found)",
    async ({ scenario }) => {
      expect((await run(scenario, checked)).violation).toBeUndefined();
    },
  );
});

describe("a random sequence of acts", () => {
  it("breaks no invariant", { timeout: SECONDS * 1000 + 300_000 }, async () => {
    const failures: string[] = [];
    const { runs, steps } = await explore({
      seed: SEED,
      seconds: SECONDS,
      invariants: checked,
      maxPerInvariant: Number(settings.MODEL_FAILURES),
      report(failure, seed, runs) {
        failures.push(told(failure));
        // `npm run explore` reads these lines.
        console.info(`model failure ${JSON.stringify({ seed, runs, ...failure })}`);
        console.info(told(failure));
      },
    });

    console.info(`model: ${runs} scenarios from seed ${SEED}, ${steps} steps, ${failures.length} failures`);
    expect(failures.join("\n\n")).toBe("");
  });
});

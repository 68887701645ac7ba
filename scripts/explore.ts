/**
 * `npm run explore -- --minutes 30 --seed 1`: plays random sequences of acts against the invariants
 * of test/model for a long time. A sequence that breaks one is added to test/model/failures.json,
 * which `npm test` replays.
 *
 * Options: `--minutes` (10), `--seed` (the time), `--invariants a,b` (all but the known holes),
 * `--failures` (3 of each invariant).
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const KEPT = "test/model/failures.json";
const MARK = "model failure ";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
    invariants: { type: "string", default: "" },
    failures: { type: "string", default: "3" },
  },
});

const startedAt = Date.now();
const seconds = () => Math.round((Date.now() - startedAt) / 1000);

const tests = spawn("vitest", ["run", "--project", "workerd", "test/model/model.test.ts", "-t", "random sequence"], {
  stdio: ["inherit", "pipe", "inherit"],
  env: {
    ...process.env,
    MODEL_SECONDS: String(Number(values.minutes) * 60),
    MODEL_SEED: values.seed,
    MODEL_INVARIANTS: values.invariants,
    MODEL_FAILURES: values.failures,
  },
});
tests.on("exit", (code) => {
  process.exitCode = code ?? 1;
});

for await (const line of createInterface(tests.stdout)) {
  const at = line.indexOf(MARK);
  if (at >= 0) keep(line.slice(at + MARK.length));
  else console.log(line);
}

function keep(json: string) {
  const { invariant, detail: found, seed, runs, scenario } = JSON.parse(json);
  const kept: { invariant: string; scenario: object }[] = JSON.parse(readFileSync(KEPT, "utf8"));
  const isKnown = kept.some((each) => JSON.stringify(each.scenario) === JSON.stringify(scenario));
  console.log(
    `${invariant} broken by scenario ${runs} (seed ${seed}, ${seconds()} s)${isKnown ? ", as kept already" : ""}`,
  );
  if (isKnown) return;
  writeFileSync(KEPT, `${JSON.stringify([...kept, { invariant, found, seed, scenario }], null, 2)}\n`);
}

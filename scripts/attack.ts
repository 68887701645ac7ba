/**
 * `npm run attack [word…]`: scans a fresh copy of the service with sqlmap and wapiti. Words select
 * the routes whose names contain one of them. Exits with 1 if a scanner finds something.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createAccount } from "./attack/account.ts";
import { attackRoute } from "./attack/sqlmap.ts";
import { type Target, targetsOf } from "./attack/targets.ts";
import type { Outcome } from "./attack/tool.ts";
import { PAGES, scanPage } from "./attack/wapiti.ts";
import { freePort, makeClone, removeClone, serveClone } from "./clone.ts";

const TOOLS = ["sqlmap", "wapiti"];
/** A scan takes longer than the default lifetime of an access token. Native scrypt is faster. */
const SETTINGS = ["--var", "ACCESS_TOKEN_TTL_SECONDS:86400", "--var", "SCRYPT_ENGINE:node"];

const missing = TOOLS.filter((tool) => spawnSync("which", [tool]).status !== 0);
if (missing.length > 0) {
  console.error(`Run \`apt-get install ${missing.join(" ")}\` first.`);
  process.exit(1);
}
await main(process.argv.slice(2));

async function main(words: string[]) {
  const clone = makeClone();
  const server = await serveClone(clone, await freePort(), "--persist-to", join(clone, "state"), ...SETTINGS);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => server.stop().then(() => process.exit(1)));
  const outcomes = await attackAll(words, server.address, clone).finally(server.stop);
  writeFileSync(join(clone, "server.txt"), server.output());
  conclude(outcomes, clone);
}

/** Attacks the routes whose names contain one of the words, or all routes if there are no words. */
async function attackAll(words: string[], address: string, clone: string): Promise<Outcome[]> {
  const isWanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));
  const targets = (await targetsOf(address)).filter(({ name }) => isWanted(name));
  const pages = PAGES.filter((page) => isWanted(`wapiti ${page}`));
  return inParallel([
    ...targets.map((target, n) => () => attack(target, address, join(clone, "attacks", `${n}`), n)),
    ...pages.map((page, n) => () => scanPage(page, address, join(clone, "scans", `${n}`))),
  ]);
}

async function attack(target: Target, address: string, directory: string, n: number): Promise<Outcome> {
  mkdirSync(directory, { recursive: true });
  return attackRoute(target, address, await createAccount(address, n), directory);
}

/** Runs as many jobs at a time as there are processors. Prints each outcome when it is done. */
async function inParallel(jobs: (() => Promise<Outcome>)[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = jobs.values();
  const worker = async () => {
    for (const job of left) outcomes.push(show(await job()));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return outcomes;
}

function show(outcome: Outcome): Outcome {
  const { route, tool, result, findings } = outcome;
  const verdict = findings.length === 0 ? "nothing found" : `FOUND ${findings.length}`;
  console.log(`${route.padEnd(40)} ${tool.padEnd(7)} ${verdict.padEnd(14)} ${result}`);
  for (const finding of findings) console.log(`  ${finding}`);
  return outcome;
}

/** Prints the summary. Keeps the output of the tools if they found something. */
function conclude(outcomes: Outcome[], clone: string) {
  const findings = outcomes.flatMap((outcome) => outcome.findings).length;
  console.log(`attack: ${outcomes.length} targets, ${findings} findings`);
  if (findings === 0) return removeClone(clone);

  console.log(`See ${clone} for the output of the tools and the service.`);
  process.exitCode = 1;
}

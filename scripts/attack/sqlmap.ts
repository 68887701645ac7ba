import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Account, requestOf, type Target } from "./targets.ts";
import { type Outcome, run } from "./tool.ts";

/** Below level 3 and risk 2, sqlmap tests SQLite neither by timing nor with stacked queries. */
const OPTIONS = [
  "--batch",
  "--disable-coloring",
  "--dbms=SQLite",
  "--technique=BEUST",
  "--level=3",
  "--risk=2",
  "--time-sec=2",
  "--ignore-code=*",
  "--skip-waf",
  "--drop-set-cookie",
  "--keep-alive",
  "--flush-session",
];

/** Runs sqlmap on every parameter of a route. Its output and traffic are kept in `directory`. */
export async function attackRoute(target: Target, address: string, account: Account, directory: string) {
  const { args, places } = requestOf(target, address, account);
  const traffic = join(directory, "traffic.txt");
  const output = await run("sqlmap", [...args, ...OPTIONS, "-t", traffic, "--output-dir", directory], directory);
  writeFileSync(join(directory, "output.txt"), output);
  return outcomeOf(target.name, output, existsSync(traffic) ? readFileSync(traffic, "utf8") : "", places);
}

function outcomeOf(route: string, output: string, traffic: string, places: number): Outcome {
  const tested = output.split("testing for SQL injection on").length - 1;
  const statuses = [...traffic.matchAll(/^HTTP response \[#\d+\] \((\d{3})/gm)].map(([, status = ""]) => status);
  const failures = failuresIn(statuses, traffic);
  const injections = injectionsIn(output);
  const findings = [...injections, ...[...output.matchAll(/heuristic .* might be .*/g)].map(([line]) => line)];
  if (failures > 0) findings.push(`failed ${failures} times`);
  if (!/do not appear to be injectable|the following injection point/.test(output))
    findings.push(`stopped: ${last(output)}`);
  if (tested < places && injections.length === 0) findings.push(`tried ${tested} of ${places} places`);
  return { route, tool: "sqlmap", result: `${tested} places, ${tally(statuses)}`, findings };
}

/**
 * Counts 5xx responses, except `overloaded`. A payload that reaches a statement breaks it, even if
 * sqlmap cannot tell the responses apart.
 */
const failuresIn = (statuses: string[], traffic: string) =>
  statuses.filter((status) => status.startsWith("5")).length - (traffic.split('"code":"overloaded"').length - 1);

/**
 * Formats the status of the first response, which shows how far a valid request gets, and the
 * number of responses per status.
 */
function tally(statuses: string[]): string {
  const kinds = Object.entries(Object.groupBy(statuses, (status) => status));
  return `first ${statuses[0]}; ${kinds.map(([status, all]) => `${status}×${all?.length}`).join(" ")}`;
}

/** Extracts the injections from the report of sqlmap. */
const injectionsIn = (output: string) =>
  [...output.matchAll(/^Parameter: .*?(?=^---)/gms)].map(([text]) => text.trim().replace(/\s*\n\s*/g, "; "));

const last = (output: string) => output.trim().split("\n").at(-3) ?? "it printed nothing";

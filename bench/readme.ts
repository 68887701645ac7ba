/** Writes the latest results between the marks of docs/figures.md, docs/cost.md, bench/README. */
import { readFileSync, writeFileSync } from "node:fs";
import { chart } from "./chart.ts";
import { costTable, costTables, endsLine } from "./cost-tables.ts";
import type { Cpu } from "./measures/cpu.ts";
import { DISTANCES, FAR, type Latency } from "./measures/geography.ts";
import type { Growth } from "./measures/growth.ts";
import type { Overload } from "./measures/overload.ts";
import type { Size } from "./measures/size.ts";
import { CONCURRENCIES, type Throughput } from "./measures/throughput.ts";
import type { Trips } from "./measures/trips.ts";
import { oauthSizesTable, operationsTable } from "./oauth-tables.ts";
import { find, readResults } from "./results.ts";
import { median } from "./statistics.ts";
import { AT_EQUAL_HASH, BY_NOBLE, GATEHOUSE, OPERATIONS, type Operation, SUBJECTS } from "./subjects.ts";
import { type Cell, table } from "./table.ts";

const BEGIN = "<!-- Written by `npm run bench`. -->";
const END = "<!-- Until here. -->";
const NONE = "–";
/** Operations that identify the user by an identifier, without a session. */
const BY_IDENTIFIER: string[] = ["register", "login"];

const names = SUBJECTS.map(({ name }) => name);
const equalNames = AT_EQUAL_HASH.map(({ name }) => name);

export function writeFigures() {
  writeFileSync("bench/results/geography.svg", chart(readResults<Latency>("geography"), FAR));
  fill("docs/figures.md", [
    "Round trips to D1 + KV of each operation:",
    byOperation(names, tripsOf),
    "![Milliseconds until the answer with the storage far away](../bench/results/geography.svg)",
    sizesTable(),
  ]);
  fill("bench/README.md", [
    "## Latency",
    "Milliseconds until the answer. The second column has the simulated round-trip times to D1 and KV in milliseconds. A write to KV is assumed to be as fast as a read, which favors services that keep sessions there.",
    latencyTable(),
    "## Throughput",
    "Requests per second on one isolate at this concurrency, with the share of the floor's throughput in brackets (lowest and highest of the rounds), then p50 and p99 in milliseconds. With fewer than a hundred requests, p99 is the slowest one.",
    ...CONCURRENCIES.flatMap((concurrency) => [
      `### ${concurrency} at once`,
      byOperation([...names, ...equalNames], (name, operation) => speedOf(name, operation, concurrency)),
    ]),
    "## CPU",
    "Milliseconds of workerd's CPU time per operation, including the work of the local database.",
    cpuTable(),
    "## Growth",
    "Milliseconds of database time per operation, including its message (rows read, rows written), with five sessions per user.",
    growthTable(),
    "## Cost",
    costTable(),
    endsLine(),
    "Round trips per operation when one database is not enough. Shards are chosen by user, whom every token names; identifiers are claimed and looked up in a separate directory. In Postgres behind Hyperdrive, a batch is a transaction with one statement after the other between `begin` and `commit`, or one call of a function that contains them.",
    waysTable(),
    "## OAuth server",
    "The requests of an OAuth client, in Gatehouse and in workers-oauth-provider. Round trips after the response are included. KV writes are assumed to take as long as reads. The better value is bold.",
    operationsTable(),
    oauthSizesTable(),
  ]);
}

export const writeCost = () => fill("docs/cost.md", costTables());

function fill(file: string, parts: string[]) {
  const [before = "", rest = ""] = readFileSync(file, "utf8").split(BEGIN);
  writeFileSync(file, `${before}${BEGIN}\n\n${parts.join("\n\n")}\n\n${rest.slice(rest.indexOf(END))}`);
}

const byOperation = (columns: string[], cell: (name: string, operation: Operation) => Cell) =>
  table(
    ["", ...columns],
    OPERATIONS.map((operation) => [operation, ...columns.map((name) => cell(name, operation))]),
  );

function tripsOf(subject: string, operation: Operation): string {
  const row = find(readResults<Trips>("trips"), { subject, operation });
  return row ? `${row.d1} + ${row.kv}` : NONE;
}

function sizesTable(): string {
  const sizes = readResults<Size>("size");
  const overloads = readResults<Overload>("overload");
  const line = (what: string, of: (name: string) => Cell | undefined) => [
    what,
    ...names.map((name) => of(name) ?? NONE),
  ];
  return table(
    ["", ...names],
    [
      line("bundle, gzipped, KiB", (name) => find(sizes, { subject: name })?.gzippedKibibytes),
      line("start-up, ms of CPU", (name) => find(sizes, { subject: name })?.startupMilliseconds),
      ...(["me", "verify", "refresh"] as const).map((operation) =>
        line(`${operation}, part of the floor's throughput`, (name) => {
          const parts = partsOf(name, operation, 8);
          return parts.length > 0 ? median(parts).toFixed(2) : undefined;
        }),
      ),
      line("40 logins at once: refused", (name) => find(overloads, { subject: name })?.failures),
      line("… a cheap request waits at most, ms", (name) => find(overloads, { subject: name })?.cheapMost),
      line("… memory above idle, MiB", (name) => find(overloads, { subject: name })?.moreMebibytes),
    ],
  );
}

function latencyTable(): string {
  const rows = readResults<Latency>("geography");
  const columns = [...names, ...equalNames];
  const lines = OPERATIONS.flatMap((operation) =>
    DISTANCES.map(({ d1, kv }) => [
      operation,
      `${d1}, ${kv}`,
      ...columns.map((subject) => find(rows, { subject, operation, d1 })?.milliseconds ?? NONE),
    ]),
  );
  return table(["", "D1, KV", ...columns], lines);
}

function speedOf(subject: string, operation: Operation, concurrency: number): string {
  const own = throughputOf(subject, operation, concurrency);
  if (!own) return NONE;
  const parts = partsOf(subject, operation, concurrency);
  const [part, least, most] = [median(parts), Math.min(...parts), Math.max(...parts)].map((value) => value.toFixed(2));
  const refused = own.failures > 0 ? `, ${own.failures} refused` : "";
  return `${own.perSecond}${subject === "floor" ? "" : ` (${part}, ${least}–${most})`}; ${own.p50}, ${own.p99}${refused}`;
}

/** Returns the throughput relative to the floor, for each round. */
function partsOf(subject: string, operation: Operation, concurrency: number): number[] {
  const [own = [], floor = []] = [subject, "floor"].map((name) => throughputOf(name, operation, concurrency)?.rounds);
  return own.map((perSecond, n) => perSecond / (floor[n] ?? Number.NaN));
}

const throughputOf = (subject: string, operation: Operation, concurrency: number) =>
  find(readResults<Throughput>("throughput"), { subject, operation, concurrency });

function cpuTable(): string {
  const rows = readResults<Cpu>("cpu");
  const columns = [...names, ...BY_NOBLE.map(({ name }) => name)];
  const operations = [...new Set(rows.map(({ operation }) => operation))];
  return table(
    ["", ...columns],
    operations.map((operation) => [
      operation === "hash" ? "the bare hash" : operation,
      ...columns.map((subject) => find(rows, { subject, operation })?.milliseconds ?? NONE),
    ]),
  );
}

function growthTable(): string {
  const rows = readResults<Growth>("growth");
  const sizes = [...new Set(rows.map(({ users }) => users))];
  const lines = OPERATIONS.map((operation) => [
    operation,
    ...sizes.map((size) => {
      const row = find(rows, { users: size, operation });
      return row ? `${row.d1Milliseconds} (${row.rowsRead}, ${row.rowsWritten})` : NONE;
    }),
  ]);
  const bytes = sizes.map((size) => find(rows, { users: size })?.bytesAUser ?? NONE);
  const header = ["", ...sizes.map((size) => `${size.toLocaleString("en")} users`)];
  return table(header, [...lines, ["the database's bytes a user", ...bytes]]);
}

function waysTable(): string {
  const rows = readResults<Trips>("trips").filter(({ subject }) => subject === GATEHOUSE.name);
  const lines = rows.map(({ operation, d1, statements }) => [
    operation,
    d1,
    d1 + (BY_IDENTIFIER.includes(operation) ? 1 : 0),
    // Two more statements: begin and commit.
    statements === d1 ? d1 : statements + 2,
    d1,
  ]);
  return table(["", "one D1", "shards of D1", "Postgres, a transaction", "Postgres, a function"], lines);
}

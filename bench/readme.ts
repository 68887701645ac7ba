// Writes the README's figures, between their two marks, from what was measured last.
import { readFileSync, writeFileSync } from "node:fs";
import { chart } from "./chart.ts";
import type { Cost } from "./measures/cost.ts";
import type { Cpu } from "./measures/cpu.ts";
import type { Latency } from "./measures/geography.ts";
import type { Growth } from "./measures/growth.ts";
import type { Overload } from "./measures/overload.ts";
import type { Size } from "./measures/size.ts";
import type { Throughput } from "./measures/throughput.ts";
import type { Trips } from "./measures/trips.ts";
import { round } from "./statistics.ts";
import { OPERATIONS, SUBJECTS } from "./subjects.ts";

const BEGIN = "<!-- Written by `npm run bench`. -->";
const END = "<!-- Until here. -->";
const NONE = "–";
const FAR = { d1: 100, kv: 10 };

const NAMES = SUBJECTS.map(({ name }) => name);

export function writeFigures() {
  writeFileSync("bench/results/geography.svg", chart(read<Latency>("geography"), FAR));
  const readme = readFileSync("README.md", "utf8");
  const [before = "", rest = ""] = readme.split(BEGIN);
  const after = rest.slice(rest.indexOf(END));
  writeFileSync("README.md", `${before}${BEGIN}\n\n${figures()}\n\n${after}`);
}

function figures(): string {
  const sizes = read<Size>("size");
  const overloads = read<Overload>("overload");
  return [
    "Round trips to D1 + KV that an answer waits for, or starts (one request each, OpenAuth's login three):",
    table(
      ["", ...NAMES],
      OPERATIONS.map((operation) => [operation, ...NAMES.map((name) => tripsOf(name, operation))]),
    ),
    `![Milliseconds until the answer with the storage far away](bench/results/geography.svg)`,
    "Requests a second on one isolate, 8 at once, and in brackets the part of the floor's (least and most of the rounds):",
    table(
      ["", ...NAMES],
      OPERATIONS.map((operation) => [operation, ...NAMES.map((name) => speedOf(name, operation))]),
    ),
    "With our scrypt in the place of its own, which costs half as much, better-auth logs in and registers " +
      `${["login", "register"].map((operation) => ["better-auth, our hash", "better-auth, tuned, our hash"].map((name) => speedOf(name, operation)).join(" and ")).join("; ")} a second.`,
    table(
      ["", ...NAMES],
      [
        ["bundle, gzipped, KiB", ...NAMES.map((name) => find(sizes, name)?.gzippedKibibytes ?? NONE)],
        ["start-up, ms CPU", ...NAMES.map((name) => find(sizes, name)?.startupMilliseconds ?? NONE)],
        ["40 logins at once: failed", ...NAMES.map((name) => find(overloads, name)?.failures ?? NONE)],
        ["… a cheap request waits, p50 / most, ms", ...NAMES.map((name) => waitsOf(find(overloads, name)))],
        ["… memory above idle, MiB", ...NAMES.map((name) => find(overloads, name)?.moreMebibytes ?? NONE)],
      ],
    ),
    cpuLine(),
    growthTable(),
    costTable(),
  ].join("\n\n");
}

function tripsOf(subject: string, operation: string): string {
  const row = read<Trips>("trips").find((one) => one.subject === subject && one.operation === operation);
  return row ? `${row.d1} + ${row.kv}` : NONE;
}

function speedOf(subject: string, operation: string): string {
  const rows = read<Throughput>("throughput").filter((row) => row.operation === operation && row.concurrency === 8);
  const [own, floor] = [find(rows, subject), find(rows, "floor")];
  if (!own) return NONE;
  if (!floor || own === floor) return `${round(own.perSecond, 0)}`;
  const parts = own.rounds.map((perSecond, n) => perSecond / (floor.rounds[n] ?? Number.NaN));
  const part = own.perSecond / floor.perSecond;
  return `${round(own.perSecond, 0)} (${part.toFixed(2)}, ${Math.min(...parts).toFixed(2)}–${Math.max(...parts).toFixed(2)})`;
}

const waitsOf = (row: Overload | undefined) => (row ? `${row.cheapP50} / ${row.cheapMost}` : NONE);

function cpuLine(): string {
  const of = (subject: string, operation: string) =>
    read<Cpu>("cpu").find((row) => row.subject === subject && row.operation === operation)?.milliseconds ?? Number.NaN;
  const line = (engine: string, floor: string, own: string) =>
    `by ${engine} ${of(own, "login")} ms of CPU where the bare hash takes ${of(floor, "hash")}`;
  return `A login takes ${line("Node's scrypt", "floor", "Gatehouse")}, ${line("noble's", "floor, noble", "Gatehouse, noble")}, the local database's work included.`;
}

function growthTable(): string {
  const rows = read<Growth>("growth");
  const sizes = [...new Set(rows.map(({ users }) => users))];
  const header = ["ms of D1 (rows read, written)", ...sizes.map((size) => `${size.toLocaleString("en")} users`)];
  const lines = OPERATIONS.filter((operation) => rows.some((row) => row.operation === operation)).map((operation) => [
    operation,
    ...sizes.map((size) => {
      const row = rows.find((one) => one.users === size && one.operation === operation);
      return row ? `${row.d1Milliseconds} (${row.rowsRead}, ${row.rowsWritten})` : NONE;
    }),
  ]);
  const bytes = sizes.map((size) => rows.find(({ users }) => users === size)?.bytesAUser ?? NONE);
  return table(header, [...lines, ["database, bytes a user", ...bytes]]);
}

function costTable(): string {
  const header = [
    "users in a month",
    "dollars a month",
    "GB in D1",
    "busiest second: D1 trips",
    "… seconds of one D1",
    "databases",
  ];
  const lines = read<Cost>("cost").map((row) => [
    row.monthlyUsers.toLocaleString("en"),
    row.dollars.toLocaleString("en"),
    row.gigabytes,
    row.peakD1Trips,
    row.peakD1Busy,
    row.shards,
  ]);
  return table(header, lines);
}

const find = <T extends { subject: string }>(rows: T[], subject: string) => rows.find((row) => row.subject === subject);

/** Markdown's, as the formatter lays it out. */
function table(header: (string | number)[], lines: (string | number)[][]): string {
  const widths = header.map((_, n) => Math.max(3, ...[header, ...lines].map((line) => `${line[n]}`.length)));
  const write = (cells: (string | number)[]) =>
    `| ${cells.map((cell, n) => `${cell}`.padEnd(widths[n] ?? 0)).join(" | ")} |`;
  return [write(header), write(widths.map((width) => "-".repeat(width))), ...lines.map(write)].join("\n");
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(`bench/results/${name}.json`, "utf8"));
}

/** What a deployment costs: the tables of docs/cost.md, and those of bench/README.md. */
import { BASE, type Cost, D1_BYTES, HABITS, ofAUser, type Use, useOf } from "./measures/cost.ts";
import { readResults } from "./results.ts";
import { round } from "./statistics.ts";
import type { Operation } from "./subjects.ts";
import { table } from "./table.ts";

/** Larger services need several databases, which Gatehouse does not support. */
const MOST_MONTHLY_USERS = 1_000_000;

const USES: Record<keyof Use, string> = {
  requests: "requests",
  cpuMilliseconds: "CPU ms",
  rowsRead: "rows read",
  rowsWritten: "rows written",
  kvReads: "KV reads",
  kvWrites: "KV writes",
  queueOperations: "queue operations",
};
const PARTS: Record<string, string> = { ...USES, cpuMilliseconds: "CPU time", storage: "storage in D1", logs: "logs" };

/** The tables between the marks of docs/cost.md. */
export const costTables = (): string[] => [
  "The resources of each operation, and of one active user in a month:",
  useTable(),
  "Dollars a month, by active users:",
  dollarsTable(),
];

function useTable(): string {
  const operations = Object.entries(HABITS) as [Operation, number][];
  const uses = Object.entries(USES) as [keyof Use, string][];
  return table(
    ["", ...operations.map(([operation]) => operation), "a user"],
    [
      ["times a month", ...operations.map(([, times]) => times), ""],
      ...uses.map(([use, name]) => [
        name,
        ...operations.map(([operation]) => round(useOf(operation)[use])),
        round(ofAUser((operation) => useOf(operation)[use])),
      ]),
    ],
  );
}

function dollarsTable(): string {
  const costs = readResults<Cost>("cost").filter(({ monthlyUsers }) => monthlyUsers <= MOST_MONTHLY_USERS);
  const lines = Object.entries(PARTS).map(([part, name]) => [name, ...costs.map(({ parts }) => parts[part] ?? 0)]);
  return table(
    ["", ...costs.map(({ monthlyUsers }) => monthlyUsers.toLocaleString("en"))],
    [["Workers Paid", ...costs.map(() => BASE)], ...lines, ["together", ...costs.map(({ dollars }) => dollars)]],
  );
}

export const costTable = () =>
  table(
    [
      "users in a month",
      "dollars a month",
      "GB in D1",
      "D1 trips in the busiest second",
      "one D1 is busy",
      "databases",
    ],
    readResults<Cost>("cost").map((row) => [
      row.monthlyUsers.toLocaleString("en"),
      row.dollars.toLocaleString("en"),
      row.gigabytes,
      row.peakD1Trips,
      `${round(row.peakD1Busy * 100)} %`,
      row.shards,
    ]),
  );

/** Describes the limits of one database. Size and load are linear in users, so one row suffices. */
export function endsLine(): string {
  const { monthlyUsers, gigabytes, peakD1Busy } = readResults<Cost>("cost").at(-1) as Cost;
  const millions = (users: number) => `${round(users / 1e6)} million users in a month`;
  const most = D1_BYTES / 1e9;
  return `One database reaches its ${most} GB at ${millions((monthlyUsers * most) / gigabytes)}. At the speed of SQLite measured here, it is fully used in the busiest second at ${millions(monthlyUsers / peakD1Busy)}.`;
}

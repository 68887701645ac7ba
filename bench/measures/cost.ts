/**
 * h. Dollars per month, and the capacity of one D1 database. Computed from the other measures and
 * published prices.
 */
import { find, readResults } from "../results.ts";
import { round } from "../statistics.ts";
import type { Operation } from "../subjects.ts";
import type { Cpu } from "./cpu.ts";
import type { Growth } from "./growth.ts";
import type { Trips } from "./trips.ts";

/**
 * Assumption: the operations of one monthly active user in a month. A refresh stands for 15 minutes
 * of use.
 */
export const HABITS: Partial<Record<Operation, number>> = {
  register: 0.1,
  login: 4,
  me: 30,
  refresh: 60,
  logout: 1,
  forgot: 0.2,
};
/** Assumption: accounts per monthly active user. */
const ACCOUNTS_A_USER = 2;
/**
 * Operations whose rows the schedule deletes later, which costs a second write. A simplification:
 * the row of an account stays.
 */
const PURGED: Operation[] = ["register", "login", "logout", "forgot"];
/** The operation that stands in for one whose CPU time is not measured. */
const CPU_OF: Partial<Record<Operation, Operation>> = { register: "login", logout: "refresh" };
/** Assumption: the load of the busiest second, relative to the average. */
const PEAK = 5;
const MONTHLY_USERS = [1000, 10_000, 100_000, 1_000_000, 20_000_000];

/**
 * Prices of Workers Paid in dollars, as of November 2026, and of logs from December 2026 on
 * (developers.cloudflare.com: platform/pricing of each product, and observability/pricing).
 */
export const BASE = 5;
export const PRICES = {
  requests: { included: 10e6, perMillion: 0.3 },
  cpuMilliseconds: { included: 30e6, perMillion: 0.02 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  kvReads: { included: 10e6, perMillion: 0.5 },
  kvWrites: { included: 1e6, perMillion: 5 },
  queueOperations: { included: 1e6, perMillion: 0.4 },
};
export const GIGABYTE = { included: 5, each: 0.75 };
export const LOGS = { gigabytes: { included: 50, each: 0.25 }, gigabyteMonths: { included: 12, each: 0.1 } };
/** Assumption: the bytes of the line that each request logs, with what Cloudflare adds to it. */
const BYTES_A_LINE = 2000;
/** Lines are kept for seven days. */
const KEPT_MONTHS = 7 / 30;
/** Each message is billed for a write, a read and a delete. */
const QUEUE_OPERATIONS = 3;
/** The maximum size of one database (developers.cloudflare.com/d1/platform/limits). */
export const D1_BYTES = 10e9;
/** Assumption: the maximum planned use of a database, in size and in time. */
const HEADROOM = 0.7;
const SECONDS_A_MONTH = 30 * 86_400;

export interface Cost {
  monthlyUsers: number;
  dollars: number;
  /** Dollars per priced resource. */
  parts: Record<string, number>;
  gigabytes: number;
  /** D1 round trips in the busiest second. */
  peakD1Trips: number;
  /** The part of one database's time that they take. */
  peakD1Busy: number;
  /** The number of databases required for size and load, with headroom. */
  shards: number;
}

/** The resources of one operation, or of one active user in a month. */
export type Use = Record<keyof typeof PRICES, number>;

const counted = (operation: Operation) =>
  find(readResults<Trips>("trips"), { subject: "Gatehouse", operation }) as Trips;
const grown = (operation: Operation) => find(readResults<Growth>("growth"), { users: 1_000_000, operation }) as Growth;

/** With the default scrypt engine. An overestimate: Cloudflare does not bill the CPU time of D1. */
function cpuOf(operation: Operation): number {
  const by = (subject: string) =>
    find(readResults<Cpu>("cpu"), { subject, operation: CPU_OF[operation] ?? operation })?.milliseconds;
  return by("Gatehouse, noble") ?? by("Gatehouse") ?? Number.NaN;
}

/** Returns what an operation uses. */
export const useOf = (operation: Operation): Use => ({
  requests: counted(operation).requests,
  cpuMilliseconds: cpuOf(operation),
  rowsRead: grown(operation).rowsRead,
  rowsWritten: grown(operation).rowsWritten * (PURGED.includes(operation) ? 2 : 1),
  kvReads: operation === "me" ? 1 : 0,
  kvWrites: operation === "logout" ? 1 : 0,
  queueOperations: QUEUE_OPERATIONS * counted(operation).queue,
});

/** Sums a value of each operation, as often as a monthly active user performs it. */
export const ofAUser = (of: (operation: Operation) => number): number =>
  (Object.entries(HABITS) as [Operation, number][]).reduce((sum, [operation, times]) => sum + times * of(operation), 0);

export function cost(): Cost[] {
  const each = (name: keyof Use) => ofAUser((operation) => useOf(operation)[name]);
  const { bytesAUser } = grown("login");
  return MONTHLY_USERS.map((monthlyUsers) => {
    const accounts = monthlyUsers * ACCOUNTS_A_USER;
    const gigabytes = (accounts * bytesAUser) / 1e9;
    const used = Object.entries(PRICES).map(([name, { included, perMillion }]) => {
      const beyond = Math.max(0, each(name as keyof Use) * monthlyUsers - included);
      return [name, round((beyond / 1e6) * perMillion, 0)];
    });
    const storage = round(Math.max(0, gigabytes - GIGABYTE.included) * GIGABYTE.each, 0);
    const parts: Record<string, number> = {
      ...Object.fromEntries(used),
      storage,
      logs: logs((each("requests") * monthlyUsers * BYTES_A_LINE) / 1e9),
    };
    const perSecond = (of: (operation: Operation) => number) => (ofAUser(of) * monthlyUsers * PEAK) / SECONDS_A_MONTH;
    const peakD1Busy = perSecond((operation) => grown(operation).d1Milliseconds) / 1000;
    return {
      monthlyUsers,
      dollars: Object.values(parts).reduce((sum, part) => sum + part, BASE),
      parts,
      gigabytes: round(gigabytes),
      peakD1Trips: round(perSecond((operation) => counted(operation).d1 + counted(operation).d1After)),
      peakD1Busy: round(peakD1Busy, 3),
      shards: Math.ceil(Math.max((accounts * bytesAUser) / D1_BYTES, peakD1Busy) / HEADROOM),
    };
  });
}

function logs(gigabytes: number): number {
  const { gigabytes: ingested, gigabyteMonths: kept } = LOGS;
  const beyond = Math.max(0, gigabytes - ingested.included) * ingested.each;
  return round(beyond + Math.max(0, gigabytes * KEPT_MONTHS - kept.included) * kept.each, 0);
}

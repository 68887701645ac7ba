import { existsSync, readFileSync, writeFileSync } from "node:fs";

const fileOf = (measure: string) => `bench/results/${measure}.json`;

/** The results in memory, by measure. */
const known = new Map<string, unknown>();

export const isMeasured = (measure: string) => existsSync(fileOf(measure));

/** Reads the latest rows of a measure. */
export function readResults<T>(measure: string): T[] {
  if (!known.has(measure)) known.set(measure, JSON.parse(readFileSync(fileOf(measure), "utf8")));
  return known.get(measure) as T[];
}

/** Finds the first row with these values. */
export const find = <T extends object>(rows: T[], wanted: Partial<T>): T | undefined =>
  rows.find((row) => Object.entries(wanted).every(([name, value]) => row[name as keyof T] === value));

export function writeResults(measure: string, rows: object[]) {
  known.set(measure, rows);
  writeFileSync(fileOf(measure), `${JSON.stringify(rows, null, 1)}\n`);
}

/**
 * Adds lines to a TOML file. Everything else keeps its bytes: comments, order, spelling. wrangler's
 * parser reads the result, so a spelling that this module does not find is noticed, not broken.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Unstable_RawConfig } from "wrangler";
import { Refusal } from "../command.ts";

export type Fields = Record<string, unknown>;

/** Parses a wrangler configuration as wrangler does. Throws a `Refusal` if it is malformed. */
export async function parseConfiguration(text: string): Promise<Unstable_RawConfig> {
  const { experimental_readRawConfig } = await import("wrangler");
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  try {
    const config = join(folder, "wrangler.toml");
    writeFileSync(config, text);
    return experimental_readRawConfig({ config }).rawConfig;
  } catch (error) {
    throw new Refusal(`wrangler.toml is malformed: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const linesOf = (fields: Fields): string[] =>
  Object.entries(fields).map(([name, value]) => `${name} = ${textOf(value)}`);

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  // The strings of JSON are strings of TOML.
  return typeof value === "object" && value !== null
    ? `{ ${linesOf({ ...value }).join(", ")} }`
    : JSON.stringify(value);
}

/** Adds fields to a table, which it creates at the end if no header names it. */
export function addFields(text: string, table: string, fields: Fields): string {
  const lines = linesOf(fields);
  if (lines.length === 0) return text;
  return insert(text, `[${table}]`, lines) ?? append(text, [`[${table}]`, ...lines]);
}

/** Adds lines at the end, after an empty one. */
export const append = (text: string, lines: string[]): string => `${text.trimEnd()}\n\n${lines.join("\n")}\n`;

/**
 * Inserts lines below a header, or below the last line of that table which `anchor` matches.
 * Without a header, the top level is meant. Returns undefined if there is no such place.
 */
export function insert(text: string, header: string | undefined, lines: string[], anchor?: RegExp): string | undefined {
  const all = text.split("\n");
  const isHeader = (line: string) => line.startsWith("[");
  const starts = header === undefined ? [-1] : all.flatMap((line, n) => (line.trim() === header ? [n] : []));
  for (const start of starts) {
    const next = all.findIndex((line, n) => n > start && isHeader(line));
    const end = next < 0 ? all.length : next;
    const at = anchor ? all.findLastIndex((line, n) => n > start && n < end && anchor.test(line)) : start;
    if (at >= 0) return all.toSpliced(at + 1, 0, ...lines).join("\n");
  }
  return undefined;
}

/**
 * Migrations run before the new code, so that there is no moment in which the code lacks a column.
 * The old code goes on during it, which is safe if a migration only adds.
 */
import { join } from "node:path";
import { Refusal } from "../command.ts";
import { migrationsIn, statementsOf } from "../migrations.ts";
import { agree, type Host } from "./host.ts";
import type { Wrangler } from "./wrangler.ts";

const DATABASE = "DB";

/** Applies the pending migrations. Asks before those that the old code may not survive. */
export async function migrate(host: Host, wrangler: Wrangler, env: string, isConfirmed: boolean) {
  const folder = join(host.folder, "migrations");
  const files = migrationsIn(folder);
  const target = [DATABASE, "--remote", `--env=${env}`];
  const output = wrangler.read(["d1", "migrations", "list", ...target], files.join("\n"));
  const pending = files.filter((name) => output.includes(name));
  if (pending.length === 0) {
    if (output.includes("No migrations to apply")) return;
    throw new Refusal(`wrangler did not say which migrations are pending:\n${output}`);
  }
  const sql = await Promise.all(pending.map(async (name) => ({ name, statements: await statementsOf(folder, name) })));
  // No code uses a database without tables.
  const changes = pending.length === files.length ? [] : findChanges(sql);
  if (changes.length > 0)
    await agree(
      host,
      isConfirmed,
      "These migrations do more than add. Until the new version runs, some requests to the old one can fail with 503:\n" +
        `${changes.map(({ name, statement }) => `  ${name}: ${statement}`).join("\n")}\n` +
        "Read docs/updates.md, choose a quiet minute, and export the database first:\n" +
        `  npx wrangler d1 export ${target.join(" ")} --no-data --output schema.sql\n` +
        `  npx wrangler d1 export ${target.join(" ")} --no-schema --output data.sql`,
    );
  wrangler.change(["d1", "migrations", "apply", ...target], { note: `${pending.length} pending` });
}

export interface Migration {
  name: string;
  statements: string[];
}

const ADDS = /^(CREATE TABLE|CREATE INDEX|ALTER TABLE \S+ ADD )/i;
const UNIQUE_INDEX = /^CREATE UNIQUE INDEX .* ON (\S+)/i;
const NEW_TABLE = /^CREATE TABLE (?:IF NOT EXISTS )?([^\s(]+)/i;

/**
 * Returns the statements that do more than add a table, an index or a column. A unique index adds
 * to a new table; on an old one, writes of the old code can fail.
 */
export function findChanges(migrations: Migration[]): { name: string; statement: string }[] {
  const all = migrations.flatMap(({ name, statements }) =>
    statements.map((text) => ({ name, statement: textOf(text) })).filter(({ statement }) => statement !== ""),
  );
  const tables = new Set(all.map(({ statement }) => NEW_TABLE.exec(statement)?.[1]));
  const adds = (statement: string) => {
    const [, table] = UNIQUE_INDEX.exec(statement) ?? [];
    return table === undefined ? ADDS.test(statement) : tables.has(table.replace(/\(.*/, ""));
  };
  return all
    .filter(({ statement }) => !adds(statement))
    .map(({ name, statement }) => ({ name, statement: short(statement) }));
}

const MAX_SHOWN_LENGTH = 80;
const short = (text: string) => (text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)} …` : text);

/** A statement in one line, without comments. */
const textOf = (statement: string): string =>
  statement
    .replace(/--.*$/gm, "")
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/;\s*$/, "")
    .trim();

import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { expect, it } from "vitest";
import { afterRestore } from "../../scripts/after-restore.ts";
import { withLocalBindings } from "../../scripts/local-bindings.ts";
import { allInOneClone, STATE as ELSEWHERE } from "../support/working-clone.ts";

/** `wrangler d1 export` reads no other folder. */
const STATE = ".wrangler/state";
const RESTORED = "restored";

allInOneClone(() => renameSync(ELSEWHERE, STATE));

/** Runs a command of docs/backup.md, on local databases. */
const wrangler = (...args: string[]) =>
  execFileSync("node_modules/.bin/wrangler", ["d1", ...args, "--local"], { stdio: "pipe" });

const inDatabase = <T>(folder: string, act: (database: D1Database) => Promise<T>) =>
  withLocalBindings({ persistTo: folder }, ({ DB }: { DB: D1Database }) => act(DB));

/** Returns the schema and every row of a database. */
const contentOf = (folder: string) =>
  inDatabase(folder, async (database) => {
    const { results: schema } = await database
      .prepare(
        "select name, type, sql from sqlite_master where name not glob '_cf*' and name not glob 'sqlite*' order by name",
      )
      .all<{ name: string; type: string; sql: string }>();
    const tables = schema.filter(({ type }) => type === "table").map(({ name }) => name);
    const rows = await database.batch(tables.map((table) => database.prepare(`select * from ${table} order by 1, 2`)));
    return { schema, rows: Object.fromEntries(tables.map((table, n) => [table, rows[n]?.results])) };
  });

/** An account with rows in other tables, and text that SQL has to quote. */
const ROWS = [
  "insert into users (id, email, first_name, created_at, updated_at) values ('jane', 'jane@example.com', 'J''\n;--é', 1, 1)",
  "insert into passwords (user_id, hash) values ('jane', '$scrypt$x')",
  `insert into sessions (id, user_id, created_at, last_used_at, expires_at, authenticated_at, amr)
    values ('s1', 'jane', 1, 1, ${Date.now() + 3_600_000}, 1, '["pwd"]')`,
];

it("an exported database is complete in a new one, where every session can be ended", {
  timeout: 240_000,
}, async () => {
  await inDatabase(STATE, (database) => database.batch(ROWS.map((sql) => database.prepare(sql))));

  // In one file, rows stand before the tables that they refer to, which D1 refuses.
  wrangler("export", "DB", "--no-data", "--output", "schema.sql");
  wrangler("export", "DB", "--no-schema", "--output", "data.sql");
  for (const file of ["schema.sql", "data.sql"]) wrangler("execute", "DB", "--file", file, "--persist-to", RESTORED);

  expect(await contentOf(RESTORED)).toEqual(await contentOf(STATE));
  const here = ["--persist-to", RESTORED];
  await expect(afterRestore(here)).rejects.toThrow("confirm with --yes");
  expect(await afterRestore([...here, "--yes"])).toContain("Ended 1 sessions.");
  expect(await afterRestore([...here, "--yes"])).toContain("Ended 0 sessions.");
});

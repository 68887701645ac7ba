import { applyD1Migrations, type D1Migration, reset as deleteStorage } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** The tables of each migrated database. Asking one takes as long as a small test. */
let migrated = new WeakMap<D1Database, string[]>();

/** Creates the tables of a database on its first use. */
export async function migrate(database: D1Database) {
  if (migrated.has(database)) return;
  const { MIGRATIONS } = env as Env & { MIGRATIONS: D1Migration[] };
  await applyD1Migrations(database, MIGRATIONS);
  const { results } = await database
    .prepare(
      "select name from sqlite_master where type = 'table' and name not glob '_cf*' and name not glob 'sqlite*' and name <> 'd1_migrations'",
    )
    .all<{ name: string }>();
  migrated.set(
    database,
    results.map(({ name }) => name),
  );
}

/** Returns the names of the tables that the migrations created. */
export const tablesOf = (database: D1Database): string[] => migrated.get(database) ?? [];

/** Deletes all storage, for a test that changed the tables. The next test migrates from nothing. */
export async function reset() {
  migrated = new WeakMap();
  await deleteStorage();
}

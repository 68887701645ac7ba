import { applyD1Migrations, type D1Migration, reset as deleteStorage } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** The databases that have all tables. Asking one takes as long as a small test. */
let migrated = new WeakSet<D1Database>();

/** Creates the tables of a database on its first use. */
export async function migrate(database: D1Database) {
  if (migrated.has(database)) return;
  const { MIGRATIONS } = env as Env & { MIGRATIONS: D1Migration[] };
  await applyD1Migrations(database, MIGRATIONS);
  migrated.add(database);
}

/** Deletes all storage, for a test that changed the tables. The next test migrates from nothing. */
export async function reset() {
  migrated = new WeakSet();
  await deleteStorage();
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** As wrangler creates it. */
const TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Returns the names of the migrations in a folder, in their order. */
export const migrationsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();

/** Returns the statements of a migration. */
export async function statementsOf(folder: string, name: string): Promise<string[]> {
  const { unstable_splitSqlQuery } = await import("wrangler");
  return unstable_splitSqlQuery(readFileSync(join(folder, name), "utf8"));
}

/**
 * Applies the missing migrations of a folder to a database, each in a transaction, and records them
 * as `wrangler d1 migrations apply` does, which starts workerd anew for each.
 */
export async function applyMigrations(database: D1Database, folder: string) {
  await database.prepare(TABLE).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  for (const name of migrationsIn(folder).filter((each) => !applied.has(each))) {
    const statements = await statementsOf(folder, name);
    const record = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
    await database.batch([...statements.map((sql) => database.prepare(sql)), record]).catch((cause) => {
      throw new Error(`Migration ${name} failed.`, { cause });
    });
  }
}

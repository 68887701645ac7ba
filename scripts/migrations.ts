import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** As wrangler creates it. */
const TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Applies the missing migrations of a folder to a database, each in a transaction, and records them
 * as `wrangler d1 migrations apply` does, which starts workerd anew for each.
 */
export async function applyMigrations(database: D1Database, folder: string) {
  const { unstable_splitSqlQuery: statementsOf } = await import("wrangler");
  await database.prepare(TABLE).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const missing = readdirSync(folder).filter((name) => name.endsWith(".sql") && !applied.has(name));
  for (const name of missing.sort()) {
    const statements = statementsOf(readFileSync(join(folder, name), "utf8"));
    const record = database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
    await database.batch([...statements.map((sql) => database.prepare(sql)), record]).catch((cause) => {
      throw new Error(`Migration ${name} failed.`, { cause });
    });
  }
}

import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";

beforeEach(async () => {
  const { MIGRATIONS } = env as Env & { MIGRATIONS: D1Migration[] };
  await applyD1Migrations(env.DB, MIGRATIONS);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  // A test may have dropped a table.
  await Promise.all([emptyDatabase(), emptyDenylist()]).catch(() => reset());
});

/** Deletes every row. Migrating a new database before each test would take ten times as long. */
async function emptyDatabase() {
  const { results } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not glob '_cf*' and name not glob 'sqlite*' and name <> 'd1_migrations'",
  ).all<{ name: string }>();
  await env.DB.batch(results.map(({ name }) => env.DB.prepare(`delete from ${name}`)));
}

async function emptyDenylist() {
  const { keys } = await env.DENYLIST.list();
  await Promise.all(keys.map(({ name }) => env.DENYLIST.delete(name)));
}

import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import { messagesIn } from "../../src/locales/messages-in.ts";
import { migrate, reset } from "./migrate.ts";
import { outbox } from "./outbox.ts";

/** A long exploration leaves thousands of entries in KV. */
const HOOK_MILLISECONDS = 60_000;

// Messages of one delivery arrive in their order only if their words need not be read first.
beforeAll(async () => {
  await messagesIn(env.ASSETS, "en");
});

beforeEach(async () => {
  await Promise.all([migrate(env.DB), outbox.clear()]);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  // Emptying fails if the test dropped a table.
  await Promise.all([emptyDatabase(), emptyDenylist()]).catch(() => reset());
}, HOOK_MILLISECONDS);

/** Deletes every row, ten times as fast as migrating a new database before each test. */
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

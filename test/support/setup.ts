import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import { messagesIn } from "../../src/locales/messages-in.ts";
import { migrate, reset, tablesOf } from "./migrate.ts";
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
  // Emptying fails if the test dropped a table, or created the tables in another way.
  await Promise.all([emptyDatabase(), emptyDenylist()]).catch(() => reset());
}, HOOK_MILLISECONDS);

/**
 * Deletes every row, ten times as fast as migrating a new database before each test. To ask which
 * tables have rows costs less than a statement for each of them.
 */
async function emptyDatabase() {
  const tables = tablesOf(env.DB);
  const questions = tables.map((name) => `exists(select 1 from ${name}) as ${name}`);
  const filled = await env.DB.prepare(`select ${questions.join()}`).first<Record<string, number>>();
  const deletions = tables.filter((name) => filled?.[name]).map((name) => env.DB.prepare(`delete from ${name}`));
  if (deletions.length > 0) await env.DB.batch(deletions);
}

async function emptyDenylist() {
  const { keys } = await env.DENYLIST.list();
  await Promise.all(keys.map(({ name }) => env.DENYLIST.delete(name)));
}

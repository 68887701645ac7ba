import { env } from "cloudflare:workers";
import { migrate } from "./migrate.ts";
import { restoreTables, type Tables } from "./world.ts";

const databases = Object.entries(env as unknown as Record<string, D1Database>)
  .filter(([name]) => name.startsWith("SPARE_DB_"))
  .map(([, database]) => database);

/** Runs the act for each item, several at once, each on its own copy of the tables of its item. */
export async function onCopies<Item extends { tables: Tables }, Result>(
  items: Item[],
  act: (item: Item, database: D1Database) => Promise<Result>,
): Promise<Result[]> {
  const waiting = [...items.entries()];
  const results: Result[] = [];
  const work = async (database: D1Database) => {
    await migrate(database);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [n, item] = next;
      await restoreTables(item.tables, database);
      results[n] = await act(item, database);
    }
  };
  await Promise.all(databases.slice(0, items.length).map(work));
  return results;
}

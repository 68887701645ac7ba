/** Checks the database of `npm start` if the service does not run. */
import { existsSync } from "node:fs";
import { withLocalBindings } from "../local-bindings.ts";
import { migrationsIn } from "../migrations.ts";
import type { Finding } from "./report.ts";

const STATE = ".wrangler/state";
const check = "schema";

export async function checkDatabase(persistTo = STATE): Promise<Finding[]> {
  if (!existsSync(persistTo)) return [warn("There is no local database yet. `npm start` creates it.")];
  const files = migrationsIn("migrations");
  const applied = await withLocalBindings({ persistTo }, async ({ DB }: { DB: D1Database }) => {
    const { results } = await DB.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
    return results.map(({ name }) => name);
  }).catch((): string[] => []);
  const missing = files.filter((name) => !applied.includes(name));
  if (missing.length === 0) return [{ check, level: "ok", message: `${files.at(-1)} is applied, the last one.` }];
  return [
    warn(
      `${missing.length} of ${files.length} migrations are not applied in ${persistTo}. \`npm start\` applies them.`,
    ),
  ];
}

const warn = (message: string): Finding => ({ check, level: "warn", message });

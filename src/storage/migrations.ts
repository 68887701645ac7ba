/** Which migrations wrangler has applied to the database. It keeps them in a table of its own. */
import { sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { LATEST_MIGRATION } from "./latest-migration.ts";

export interface Migrations {
  /** The name of the last applied migration, such as `0000_users.sql`. Null if there is none. */
  applied: string | null;
  /** 1 if the last migration of this version is among the applied ones. */
  current: 0 | 1 | null;
}

/** Reads which migrations were applied. Throws if there never was one. */
export const findMigrations = (db: Db): Promise<Migrations> =>
  db.get(sql`select max(name) as applied, max(name = ${LATEST_MIGRATION}) as current from d1_migrations`);

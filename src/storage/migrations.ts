/** The migrations that wrangler has applied to the database. It lists them in its own table. */
import { sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { LATEST_MIGRATION } from "./latest-migration.ts";

export interface Migrations {
  /** The name of the last applied migration, such as `0000_users.sql`. Null if there is none. */
  applied: string | null;
  /** 1 if the last migration of this version is among the applied ones. */
  current: 0 | 1 | null;
}

/** Reads which migrations were applied. Throws if none ever was. */
export const findMigrations = (db: Db): Promise<Migrations> =>
  db.get(sql`select max(name) as applied, max(name = ${LATEST_MIGRATION}) as current from d1_migrations`);

/** The database whose accounts a command reads or writes, and the pepper of its service. */
import { readFileSync } from "node:fs";
import { orderPeppers } from "../src/config/peppers.ts";
import { Peppers } from "../src/config/values.ts";
import type { SigningSecrets } from "../src/crypto/signed-values.ts";
import { errors } from "../src/errors.ts";
import { type Db, NotMigratedError, primary, storageErrorOf } from "../src/storage/db.ts";
import { Refusal } from "./command.ts";
import { withLocalBindings } from "./local-bindings.ts";
import { borrowing, readDeployment, withRemoteBindings } from "./remote-bindings.ts";
import { deployedEnvironment, TARGET_OPTIONS, TARGET_USAGE, type Target } from "./target.ts";

/** The options that name the database. */
export const DATABASE_OPTIONS = { ...TARGET_OPTIONS, "pepper-file": { type: "string" } } as const;

export const DATABASE_USAGE = `${TARGET_USAGE}
--pepper-file  File with the PEPPER of the deployment. It opens and seals the secrets of authenticator
               apps. Default for the local database: that of .dev.vars.`;

const AGAIN = "Fix the problem, and run the same command again. What is done stays done.";

interface Values extends Target {
  "pepper-file"?: string | undefined;
}

export interface AccountDatabase {
  db: Db;
  peppers: SigningSecrets | undefined;
}

/** Acts on the accounts of the database that the options name. Throws as `withDatabase` does. */
export async function withAccountDatabase<T>(
  { "pepper-file": pepperFile, ...target }: Values,
  act: (database: AccountDatabase) => Promise<T>,
): Promise<T> {
  const given = pepperFile === undefined ? undefined : readPeppers(pepperFile);
  const isLocal = deployedEnvironment(target) === undefined;
  return withDatabase(target, (db, variables) => {
    const { ordered: own } = orderPeppers(isLocal ? Object.entries(variables) : [], Date.now());
    const text = own.map(([, value]) => value).join(",");
    return act({ db, peppers: given ?? (text === "" ? undefined : parsePeppers(text, ".dev.vars")) });
  });
}

/**
 * Acts on the database that the options name. Throws a `Refusal` if it cannot be used, or if it
 * fails.
 */
export async function withDatabase<T>(target: Target, act: (db: Db, variables: object) => Promise<T>): Promise<T> {
  const environment = deployedEnvironment(target);
  const use = ({ DB, ...variables }: { DB: D1Database }) => act(primary(DB), variables);
  try {
    if (environment === undefined) return await withLocalBindings({ persistTo: target["persist-to"] }, use);
    return await withRemoteBindings(await bindingTo(environment), use);
  } catch (error) {
    const reason = storageErrorOf(error as Error);
    if (reason instanceof NotMigratedError) throw new Refusal(errors.database_not_migrated.detail);
    throw reason ? new Refusal(`${reason.message} ${AGAIN}`) : error;
  }
}

/** Reads a file with peppers, as `PEPPER` has them. */
export const readPeppers = (file: string): SigningSecrets => parsePeppers(readText(file), file);

function parsePeppers(text: string, file: string): SigningSecrets {
  const parsed = Peppers.safeParse(text.trim());
  if (!parsed.success) throw new Refusal(`${file} has no PEPPER: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Refusal(`The file ${file} cannot be read.`);
  }
}

/** Returns the configuration that borrows the database of a deployment. */
async function bindingTo(environment: string) {
  const worker = await readDeployment(environment);
  const database = worker.d1_databases.find(({ binding }: { binding: string }) => binding === "DB");
  if (!database?.database_id)
    throw new Refusal("The wrangler configuration has no database_id of DB for this environment. Deploy it first.");
  const { database_name, database_id } = database;
  return borrowing(worker, { d1_databases: [{ binding: "DB", database_name, database_id, remote: true }] });
}

/** The database whose accounts a command reads or writes, and the pepper of its service. */
import { readFileSync } from "node:fs";
import { Peppers } from "../src/config/values.ts";
import type { SigningSecrets } from "../src/crypto/signed-values.ts";
import { type Db, NotMigratedError, primary, storageErrorOf } from "../src/storage/db.ts";
import { Refusal } from "./command.ts";
import { withLocalBindings } from "./local-bindings.ts";
import { borrowing, readDeployment, withRemoteBindings } from "./remote-bindings.ts";

const text = { type: "string" } as const;

/** The options that name the database. */
export const DATABASE_OPTIONS = {
  env: text,
  remote: { type: "boolean" },
  "persist-to": text,
  "pepper-file": text,
} as const;

export const DATABASE_USAGE = `--remote       The database of the deployment, instead of the local one. It needs wrangler login, or
               CLOUDFLARE_API_TOKEN.
--env          Environment of the wrangler configuration. Default: its top level.
--persist-to   Folder of the local database, as of npm start. Default: .wrangler/state.
--pepper-file  File with the PEPPER of the deployment. It opens and seals the secrets of authenticator
               apps. Default for the local database: that of .dev.vars.`;

interface Values {
  env?: string | undefined;
  remote?: boolean | undefined;
  "persist-to"?: string | undefined;
  "pepper-file"?: string | undefined;
}

export interface AccountDatabase {
  db: Db;
  peppers: SigningSecrets | undefined;
}

/** Acts on the database that the options name. Throws a `Refusal` if it cannot be used. */
export async function withAccountDatabase<T>(
  { env: environment, remote, "persist-to": persistTo, "pepper-file": pepperFile }: Values,
  act: (database: AccountDatabase) => Promise<T>,
): Promise<T> {
  const given = pepperFile === undefined ? undefined : parsePeppers(readText(pepperFile), pepperFile);
  const use = (bindings: { DB: D1Database; PEPPER?: string }) => {
    const own = !remote && bindings.PEPPER ? parsePeppers(bindings.PEPPER, ".dev.vars") : undefined;
    return act({ db: primary(bindings.DB), peppers: given ?? own });
  };
  try {
    if (!remote) return await withLocalBindings({ environment, persistTo }, use);
    return await withRemoteBindings(await bindingTo(environment), use);
  } catch (error) {
    const reason = storageErrorOf(error as Error);
    if (reason instanceof NotMigratedError)
      throw new Refusal("The database lacks the newest tables. Run npm start once, or apply the migrations.");
    throw reason ?? error;
  }
}

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
async function bindingTo(environment: string | undefined) {
  const worker = await readDeployment(environment);
  const database = worker.d1_databases.find(({ binding }: { binding: string }) => binding === "DB");
  if (!database?.database_id)
    throw new Refusal("The wrangler configuration has no database_id of DB for this environment. Deploy it first.");
  const { database_name, database_id } = database;
  return borrowing(worker, { d1_databases: [{ binding: "DB", database_name, database_id, remote: true }] });
}

import { env } from "cloudflare:workers";
import { exportAccounts } from "../../scripts/import/export-accounts.ts";
import type { Format } from "../../scripts/import/formats/format.ts";
import { FORMATS } from "../../scripts/import/formats/formats.ts";
import { importAccounts, type Problem } from "../../scripts/import/import-accounts.ts";
import type { SigningSecrets } from "../../src/crypto/signed-values.ts";
import { primary } from "../../src/storage/db.ts";

const PEPPERS = env.PEPPER.split(",") as SigningSecrets;

interface Import {
  from?: Format | undefined;
  database?: D1Database;
  drop?: string[];
  isDryRun?: boolean;
  peppers?: SigningSecrets | undefined;
  at?: number;
}

async function* inPieces(text: string) {
  // A file arrives in pieces that end anywhere.
  for (let n = 0; n < text.length; n += 70_001) yield text.slice(n, n + 70_001);
}

/** Imports a file, as `npm run import` does. */
export async function importFile(text: string, options: Import = {}) {
  const {
    from = FORMATS["ndjson"] as Format,
    database = env.DB,
    drop = [],
    isDryRun = false,
    at = Date.now(),
  } = options;
  const problems: Problem[] = [];
  const summary = await importAccounts(inPieces(text), {
    db: primary(database),
    format: from,
    context: { source: "test", peppers: "peppers" in options ? options.peppers : PEPPERS, assets: env.ASSETS, at },
    droppable: drop,
    isDryRun,
    report: (problem) => problems.push(problem),
  });
  const reasons = problems.map(({ line, path, code }) => `${line} ${path} ${code}`);
  return { ...summary, reasons, problems };
}

/** Imports accounts in the own format. */
export const importUsers = (accounts: object[], options: Import = {}) => importFile(toNdjson(accounts), options);

export const toNdjson = (accounts: object[]) => accounts.map((account) => `${JSON.stringify(account)}\n`).join("");

/** Exports all accounts, as `npm run export` does. */
export async function exportUsers(database: D1Database = env.DB) {
  const pages = await Array.fromAsync(exportAccounts({ db: primary(database), peppers: PEPPERS }));
  return pages.flat();
}

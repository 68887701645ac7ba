/**
 * `npm run export`: writes all accounts to a file, which `npm run import` reads. The file has
 * password hashes and the secrets of authenticator apps, so only its owner may read it.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { DATABASE_OPTIONS, DATABASE_USAGE, withAccountDatabase } from "./account-database.ts";
import { Refusal, run } from "./command.ts";
import { exportAccounts } from "./import/export-accounts.ts";

const USAGE = `npm run export -- FILE

Writes all accounts to a new file, one JSON object a line, as npm run import reads them. The file has
password hashes and secrets: keep it as safe as the database.

${DATABASE_USAGE}
--help         Prints this text.`;

const OPTIONS = { ...DATABASE_OPTIONS, help: { type: "boolean" } } as const;
const OWNER_ONLY = 0o600;

/**
 * Writes the file. One that exists is not replaced, also if it appears meanwhile, and one that is
 * cut off has another name.
 */
export async function exportUsers(args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return USAGE;
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new Refusal(USAGE);

  const taken = new Refusal(`${file} exists. Name a new file.`);
  if (existsSync(file)) throw taken;
  const part = `${file}.${randomUUID()}.part`;
  const output = await open(part, "wx", OWNER_ONLY).catch(() => {
    throw new Refusal(`${part} cannot be written.`);
  });
  try {
    const count = await withAccountDatabase(values, async (database) => {
      let written = 0;
      for await (const lines of exportAccounts(database)) {
        await output.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
        written += lines.length;
      }
      return written;
    });
    await output.sync();
    // A rename would replace a file that another export wrote.
    await link(part, file).catch((error) => {
      throw error.code === "EEXIST" ? taken : error;
    });
    return `Wrote ${count} accounts to ${file}.`;
  } finally {
    await output.close();
    await rm(part, { force: true });
  }
}

if (import.meta.main) run(exportUsers);

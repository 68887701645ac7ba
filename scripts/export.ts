/**
 * `npm run export`: writes all accounts to a file, which `npm run import` reads. The file has
 * password hashes and the secrets of authenticator apps, so only its owner may read it.
 */
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
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

/** Writes the file. One that exists is not replaced, and one that is cut off has another name. */
export async function exportUsers(args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return USAGE;
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new Refusal(USAGE);

  if (existsSync(file)) throw new Refusal(`${file} exists. Name a new file.`);
  const part = `${file}.part`;
  await rm(part, { force: true });
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
    await rename(part, file);
    return `Wrote ${count} accounts to ${file}.`;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await output.close();
  }
}

if (import.meta.main) run(exportUsers);

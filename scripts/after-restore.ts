/**
 * `npm run after-restore`: makes a database that was restored to an earlier time safe to serve. It
 * can be repeated, also after it was cut off.
 */
import { parseArgs } from "node:util";
import { endRestored } from "../src/storage/restored.ts";
import { withDatabase } from "./account-database.ts";
import { CALLER } from "./admin-service.ts";
import { run } from "./command.ts";
import { confirmName, requireTerminal } from "./confirm.ts";
import { askNothing } from "./remote-bindings.ts";
import { deployedEnvironment, TARGET_OPTIONS, TARGET_USAGE } from "./target.ts";

const USAGE = `npm run after-restore

Ends what a restore to an earlier time brought back: every session, every open code and link, and the
trust in devices. Users sign in again. Accounts, passwords, second factors and API keys stay as they
were at that time: docs/backup.md says which to look at.

${TARGET_USAGE}
--yes          Does not ask. Required without a terminal.
--help         Prints this text.`;

const OPTIONS = { ...TARGET_OPTIONS, yes: { type: "boolean" }, help: { type: "boolean" } } as const;
/** Sessions that one transaction revokes. */
const BATCH = 500;

export async function afterRestore(args: string[]): Promise<string> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return USAGE;
  const environment = deployedEnvironment(values);
  const name = environment === undefined ? "local" : environment || "remote";
  if (values.yes) askNothing();
  else requireTerminal();

  return withDatabase(values, async (db) => {
    if (!values.yes) await confirmName(`This ends every session in the ${name} database.`, name);
    const count = await endRestored(db, BATCH, { at: Date.now(), ip: null, userAgent: null, caller: CALLER });
    return `Ended ${count} sessions. Codes, links and trusted devices of the restored database are void.`;
  });
}

if (import.meta.main) run(afterRestore);

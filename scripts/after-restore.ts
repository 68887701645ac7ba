/**
 * `npm run after-restore`: makes a database that was restored to an earlier time safe to serve. It
 * can be repeated, also after it was cut off.
 */
import { parseArgs } from "node:util";
import { endRestored } from "../src/storage/restored.ts";
import { withAccountDatabase } from "./account-database.ts";
import { TARGET_OPTIONS, TARGET_USAGE } from "./admin-service.ts";
import { Refusal, run } from "./command.ts";
import { confirmName, requireTerminal } from "./confirm.ts";

const USAGE = `npm run after-restore

Ends what a restore to an earlier time brought back: every session, every open code and link, and the
trust in devices. Users sign in again. Accounts, passwords, second factors and API keys stay as they
were at that time: docs/backup.md says which to look at.

${TARGET_USAGE}
--yes         Does not ask. Required without a terminal.
--help        Prints this text.`;

const OPTIONS = { ...TARGET_OPTIONS, yes: { type: "boolean" }, help: { type: "boolean" } } as const;
/** Sessions that one transaction revokes. */
const BATCH = 500;

export async function afterRestore(args: string[]): Promise<string> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return USAGE;
  const { env, "persist-to": persistTo } = values;
  if (values.remote && persistTo !== undefined) throw new Refusal("Choose one of --remote and --persist-to.");
  const remote = persistTo === undefined && (values.remote || env !== undefined);
  if (!values.yes) requireTerminal();
  // Otherwise wrangler might ask for a sign-in or an account.
  else process.env["CI"] ||= "true";

  return withAccountDatabase({ env, remote, "persist-to": persistTo }, async ({ db }) => {
    const name = env ?? (remote ? "remote" : "local");
    if (!values.yes) await confirmName(`This ends every session in the ${name} database.`, name);
    let count = 0;
    for (let revoked = BATCH; revoked === BATCH; count += revoked) {
      const audit = { at: Date.now(), ip: null, userAgent: null, caller: "command line" };
      revoked = await endRestored(db, BATCH, audit);
    }
    return `Ended ${count} sessions. Codes, links and trusted devices of the restored database are void.`;
  });
}

if (import.meta.main) run(afterRestore);

/**
 * `npm run admin`: administers accounts of the local database or of a deployment by `AdminService`.
 * It takes and prints no password. What ends something for good has to be confirmed.
 */
import { parseArgs } from "node:util";
import type { AdminService } from "../src/contract/admin-service.ts";
import { type ActOptions, COMMANDS } from "./admin-acts.ts";
import { withAdminService } from "./admin-service.ts";
import { Refusal, run } from "./command.ts";
import { requireTerminal } from "./confirm.ts";
import { TARGET_OPTIONS, TARGET_USAGE } from "./target.ts";

const USAGE = `npm run admin -- COMMAND [options]

find [TEXT]              Lists the accounts whose id, address or username begins with TEXT.
show USER                Shows an account.
create [fields]          Creates an account without a password. It needs --email or --phone.
update USER [fields]     Changes the fields that are given. An empty one is cleared: --phone ""
verify USER ADDRESS      Marks an address of the account as verified. unverify takes it back.
grant USER ROLE...       Adds roles.
revoke USER ROLE...      Removes roles.
reset USER               Mails a link that sets a password.
disable USER             Disables the account and ends every session.
enable USER              Enables it again.
end-sessions USER        Ends every session. API keys stay.
void-password USER       Removes a password that others know, the API keys and every session.
remove-factors USER      Removes lost second factors after a waiting time.
keep-factors USER        Cancels that.
delete USER              Deletes the account.
events USER              Lists what happened to the account, also to a deleted one by its id.
identities USER          Lists the linked accounts at identity providers.
unlink USER ID           Unlinks one of them.
api-keys USER            Lists the API keys of the user.
revoke-api-key ID        Revokes an API key.
dead-messages            Lists the messages that could not be sent.
send-again ID...         Sends them again. --all sends all of them.

USER is an id, an email address, a phone number with its plus sign, or a username, in full.

Fields: --email, --phone, --username, --first-name, --last-name, --contact email|phone,
--short-description, --locale, and --role for a new account, once for each.

${TARGET_USAGE}
--limit        How many find, events and dead-messages list, at most 100. --cursor continues a list.
--yes          Does not ask before disable, delete, end-sessions, void-password, remove-factors, unlink
               and revoke-api-key, nor before a grant to an account without a verified address.
               Required without a terminal.
--json         Prints JSON.
--help         Prints this text.`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const ACT_OPTIONS = {
  email: text,
  phone: text,
  username: text,
  "first-name": text,
  "last-name": text,
  contact: text,
  "short-description": text,
  locale: text,
  role: { type: "string", multiple: true },
  limit: text,
  cursor: text,
  all: flag,
} as const;
const OPTIONS = { ...TARGET_OPTIONS, ...ACT_OPTIONS, yes: flag, json: flag, help: flag } as const;

export const parse = (args: string[]) => parseArgs({ args, allowPositionals: true, options: OPTIONS });

/** Runs a command and returns what it prints. Throws a `Refusal` that says what is wrong. */
export async function admin(args: string[]): Promise<string> {
  const parsed = parse(args);
  return parsed.values.help ? USAGE : withAdminService(parsed.values, prepare(parsed));
}

/** Returns the act of a command, which returns what is printed. */
export function prepare({ positionals, values }: ReturnType<typeof parse>) {
  const [name = "", ...words] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const given = Object.keys(values).filter((option) => option in ACT_OPTIONS);
  const takes: readonly string[] = command?.takes ?? [];
  if (!command || words.length < command.words[0] || words.length > command.words[1]) throw new Refusal(USAGE);
  if (given.some((option) => !takes.includes(option))) throw new Refusal(USAGE);
  // The database need not be opened first.
  if (command.isConfirmed && !values.yes) requireTerminal();

  return async (service: AdminService): Promise<string> => {
    const { value, text } = await command.act({ service, words, options: values as ActOptions });
    return values.json ? JSON.stringify(value, null, 2) : text;
  };
}

if (import.meta.main) run(admin);

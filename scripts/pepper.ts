/**
 * `npm run pepper -- rotate|prune`: replaces the pepper without ending sessions.
 *
 * Secrets cannot be read back, so a rotation adds one: see `src/config/peppers.ts`.
 */
import { parseArgs } from "node:util";
import { nameOfPepper, startOf } from "../src/config/peppers.ts";
import { countPepperUses, type PepperUses } from "../src/storage/pepper-uses.ts";
import { readPeppers, withDatabase } from "./account-database.ts";
import { Refusal, run } from "./command.ts";
import { confirm, confirmName } from "./confirm.ts";
import { deployedPeppers, localPeppers, type PepperStore } from "./pepper-stores.ts";
import { askNothing } from "./remote-bindings.ts";
import { drawSecrets } from "./secrets.ts";

/** No instance of the Worker runs longer with earlier settings. */
const DEFAULT_DELAY_SECONDS = 3600;
/** A request or a batch of messages may still use the earlier pepper for so long. */
const MARGIN_MILLISECONDS = 900_000;

const USAGE = `npm run pepper -- rotate [--pepper-file FILE]
npm run pepper -- prune [--persist-to FOLDER] [--yes]
npm run pepper -- rotate --issuer https://auth.example.com [--env NAME] [--pepper-file FILE]
                         [--delay SECONDS] [--yes]
npm run pepper -- prune --issuer https://auth.example.com [--env NAME] [--yes]

rotate  Adds a pepper for new values. Earlier ones are still accepted.
prune   Deletes the peppers before the one in use. It counts what stops working, and asks first.

Without --issuer, both edit .dev.vars, and a new pepper is used at once. With --issuer, both change the
secrets of that deployment. A new pepper is used after --delay seconds.

--issuer       Address of the deployment: the ISSUER that the wrangler configuration has for --env.
--env          Environment of the wrangler configuration. Default: its top level.
--pepper-file  File with the new pepper, or with a list that begins with it. Default: a random one.
--delay        Time until every instance of the Worker knows it. Default: ${DEFAULT_DELAY_SECONDS}, an hour.
--persist-to   Folder of the local database, as of npm start. Default: .wrangler/state.
--yes          Does not ask for confirmation. Required without a terminal.
--help         Prints this text.`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  issuer: text,
  env: text,
  "pepper-file": text,
  delay: text,
  "persist-to": text,
  yes: flag,
  help: flag,
} as const;
type Option = Exclude<keyof typeof OPTIONS, "help">;

/** The options that each command takes, in a deployment and in .dev.vars. */
const TAKES: Record<string, { deployed: Option[]; local: Option[] }> = {
  rotate: { deployed: ["issuer", "env", "pepper-file", "delay", "yes"], local: ["pepper-file"] },
  prune: { deployed: ["issuer", "env", "yes"], local: ["persist-to", "yes"] },
};

/** Runs the command, and returns what it prints last. Throws a `Refusal` that says what to do. */
export async function pepper(args: string[], openDatabase: typeof withDatabase = withDatabase): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return USAGE;
  const [command = "", ...rest] = positionals;
  const { issuer, env = "", delay = `${DEFAULT_DELAY_SECONDS}`, yes = false } = values;
  const takes: string[] = Object.hasOwn(TAKES, command) ? (TAKES[command]?.[issuer ? "deployed" : "local"] ?? []) : [];
  const isFit = Object.keys(values).every((option) => takes.includes(option));
  if (takes.length === 0 || rest.length > 0 || !isFit || !/^\d{1,7}$/.test(delay)) throw new Refusal(USAGE);

  const store = issuer ? await deployedPeppers(issuer, env) : localPeppers();
  console.log(store.title);
  if (command === "rotate") {
    const file = values["pepper-file"];
    const value = file === undefined ? drawSecrets().PEPPER : readPeppers(file)[0];
    return rotate(store, value, { delay: issuer ? Number(delay) : 0, isConfirmed: yes || !issuer });
  }
  if (yes) askNothing();
  const target = issuer ? { env } : { "persist-to": values["persist-to"] };
  const count = (before: number) => openDatabase(target, (db) => countPepperUses(db, before, Date.now()));
  return prune(store, count, { isConfirmed: yes });
}

async function rotate(
  store: PepperStore,
  value: string,
  { delay, isConfirmed }: { delay: number; isConfirmed: boolean },
): Promise<string> {
  let startsAt = Date.now() + delay * 1000;
  // A secret that exists must not be replaced.
  while (store.names.includes(nameOfPepper(startsAt))) startsAt += 1000;
  const name = nameOfPepper(startsAt);
  for (const kept of store.names) console.log(`  ${kept === store.current ? "uses   " : "accepts"}  ${kept}`);
  console.log(`  adds     ${name}, used from ${new Date(startOf(name)).toISOString()}`);
  if (!isConfirmed) await confirm();
  store.put(name, value);
  return `Done. ${store.pruneCommand} deletes the earlier ones later.`;
}

/** The consequences of a deletion, with their remedies. */
const LOSSES: Record<keyof PepperUses, string> = {
  sessions: "sessions that were not refreshed since: their users sign in again",
  trustedDevices: "trusted devices that did not sign in since: they are asked for a second factor",
  authenticatorApps: "authenticator apps that signed nobody in since: their users need another factor",
  recoveryCodes: "accounts whose recovery codes are older: their users create new ones",
  apiKeys: "API keys that were not used since: their owners create new ones",
  clientSecrets: "OAuth clients whose secret is older: npm run clients -- rotate-secret gives them a new one",
};

async function prune(
  store: PepperStore,
  count: (before: number) => Promise<PepperUses>,
  { isConfirmed }: { isConfirmed: boolean },
): Promise<string> {
  const { names, current } = store;
  const earlier = names.filter((name) => name < current);
  console.log(`  uses     ${current}`);
  for (const name of earlier) console.log(`  deletes  ${name}`);
  if (earlier.length === 0) return "There is nothing to delete.";

  const uses = Object.entries(await count(startOf(current) + MARGIN_MILLISECONDS)) as [keyof PepperUses, number][];
  const lost = uses.filter(([, n]) => n > 0);
  const since = new Date(startOf(current)).toISOString();
  if (lost.length === 0) console.log(`Nothing stops working: what is stored was used or replaced since ${since}.`);
  else console.log(`The new pepper is used since ${since}. These stop working:`);
  for (const [kind, n] of lost) console.log(`  ${String(n).padStart(7)}  ${LOSSES[kind]}`);
  if (!isConfirmed) await (lost.length > 0 ? confirmName("This cannot be undone.", store.name) : confirm());

  for (const name of earlier) store.remove(name);
  return "Done.";
}

if (import.meta.main) run(pepper);

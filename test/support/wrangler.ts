#!/usr/bin/env node
/**
 * Stands in for wrangler, whose commands need an account at Cloudflare. It records its arguments,
 * keeps the account in `account.json` of the project, and answers in wrangler's formats.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Account {
  version: string;
  isSignedIn: boolean;
  accounts: { id: string; name: string }[];
  databases: { uuid: string; name: string }[];
  namespaces: { id: string; title: string }[];
  queues: string[];
  /** By name. A deployment has the names of its secrets, and the number of applied migrations. */
  workers: Record<string, { secrets: Record<string, string>; deployments: { secrets: string[]; applied: number }[] }>;
  applied: string[];
  /** How many commands have changed something. */
  changes: number;
  /** The beginning of a command that fails. */
  failsAt?: string;
  /** The change whose answer is lost. */
  cutAfter?: number;
}

const EMPTY: Account = {
  version: "4.156.2",
  isSignedIn: true,
  accounts: [{ id: "a1", name: "Acme" }],
  databases: [],
  namespaces: [],
  queues: [],
  workers: {},
  applied: [],
  changes: 0,
};

/** A failure as wrangler tells it. */
class Failure extends Error {}

export const readAccount = (folder: string): Account => {
  const file = join(folder, "account.json");
  return { ...structuredClone(EMPTY), ...(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) };
};
export const writeAccount = (folder: string, account: object) =>
  writeFileSync(join(folder, "account.json"), JSON.stringify(account));

/** Runs a command. */
export function wrangler(args: string[], folder: string, input: () => string) {
  appendFileSync(join(folder, "arguments"), `${args.join(" ")}\n`);
  try {
    return { status: 0, stdout: `${answer(args, folder, input)}\n`, stderr: "" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message } = error;
    return { status: 1, stdout: "", stderr: message && `\u2718 [ERROR] ${message}\n` };
  }
}

function answer(args: string[], folder: string, input: () => string): string {
  const account = readAccount(folder);
  const line = args.join(" ");
  const [, , name = "", title = ""] = args;
  const env = /--env=(\S*)/.exec(line)?.[1] ?? "";
  const id = /--name=(\S+)/.exec(line)?.[1] ?? `gatehouse${env && `-${env}`}`;
  if (account.failsAt && line.startsWith(account.failsAt)) throw new Failure("A request to the Cloudflare API failed.");

  const change = (act: () => void): string => {
    act();
    account.changes++;
    writeAccount(folder, account);
    if (account.changes === account.cutAfter) throw new Failure("");
    return "Done.";
  };
  const create = (exists: boolean, act: () => void): string => {
    if (exists) throw new Failure("It already exists.");
    return change(act);
  };
  const worker = () => {
    account.workers[id] ??= { secrets: {}, deployments: [] };
    return account.workers[id];
  };
  const setSecrets = (added: Record<string, string>) => change(() => Object.assign(worker().secrets, added));
  const pending = () =>
    readdirSync(join(folder, "migrations")).filter((file) => file.endsWith(".sql") && !account.applied.includes(file));

  const commands: Record<string, () => string> = {
    "--version": () => account.version,
    "whoami --json": () => {
      if (!account.isSignedIn) throw new Failure('{"loggedIn":false}');
      return json({ loggedIn: true, authType: "User API Token", accounts: account.accounts });
    },
    login: () =>
      change(() => {
        account.isSignedIn = true;
      }),
    "d1 list": () => json(account.databases),
    "d1 create": () =>
      create(
        account.databases.some((database) => database.name === name),
        () => account.databases.push({ uuid: `d1-${name}`, name }),
      ),
    "d1 migrations": () => {
      if (account.databases.length === 0) throw new Failure("Couldn't find a D1 DB named 'DB' in the API.");
      if (pending().length === 0) return "\u2705 No migrations to apply!";
      if (name === "apply") return change(() => account.applied.push(...pending()));
      return `Migrations to be applied:\n${pending()
        .map((file) => `\u2502 ${file} \u2502`)
        .join("\n")}`;
    },
    "kv namespace": () => {
      if (name === "list") return json(account.namespaces);
      return create(
        account.namespaces.some((namespace) => namespace.title === title),
        () => account.namespaces.push({ id: `kv-${title}`, title }),
      );
    },
    "queues info": () => {
      if (!account.queues.includes(name)) throw new Failure(`Queue "${name}" does not exist.`);
      return `Queue Name: ${name}`;
    },
    "queues create": () => create(account.queues.includes(name), () => account.queues.push(name)),
    "secret list": () => {
      const { secrets } = account.workers[id] ?? {};
      // wrangler breaks a long line.
      if (!secrets) throw new Failure(`Worker "${id}"${env && ` (env: ${env})`} not\n  found.\n\n  Deploy it first.`);
      return json(Object.keys(secrets).map((secret) => ({ name: secret, type: "secret_text" })));
    },
    "secret bulk": () => setSecrets(JSON.parse(input())),
    "secret put": () => setSecrets({ [name]: input() }),
    "secret delete": () =>
      change(() => {
        delete worker().secrets[name];
      }),
    "deploy --dry-run": () => "--dry-run: exiting now.",
    deploy: () =>
      change(() => {
        const missing = line.includes("--config=")
          ? undefined
          : boundIn(folder, env).find((other) => !account.workers[other]);
        if (missing) throw new Failure(`Could not resolve service binding. Target script '${missing}' not found.`);
        const { secrets, deployments } = worker();
        deployments.push({ secrets: Object.keys(secrets), applied: account.applied.length });
      }),
  };
  const run = commands[args.slice(0, 2).join(" ")] ?? commands[args[0] ?? ""];
  if (!run) throw new Failure(`Unknown arguments: ${line}`);
  return run();
}

/** The Workers that an environment of the configuration is bound to. */
const boundIn = (folder: string, env: string): string[] =>
  [...readFileSync(join(folder, "wrangler.toml"), "utf8").matchAll(SERVICE)]
    .filter(([, of = ""]) => of === env)
    .map(([, , service = ""]) => service);
const SERVICE = /^\[\[(?:env\.(.+)\.)?services\]\]\nbinding = ".+"\nservice = "(.+)"$/gm;

const json = (value: unknown) => JSON.stringify(value, null, 2);

if (import.meta.main) {
  const { status, stdout, stderr } = wrangler(process.argv.slice(2), ".", () => readFileSync(0, "utf8"));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}

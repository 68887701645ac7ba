/**
 * `npm run clients`: administers the OAuth clients of the local database, with the code of
 * `AdminService`. It asks no questions. A deployed service is administered by `AdminService`.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type * as z from "zod/mini";
import type { ClientList, OAuthClient } from "../src/contract/oauth-client.ts";
import { createDeps, type Deps, SYSTEM_CONTEXT } from "../src/deps.ts";
import {
  allClients,
  ClientChange,
  changeClient,
  createClient,
  NewClient,
  removeClient,
  rotateClientSecret,
  showClient,
} from "../src/features/oauth/clients.ts";
import type { Err, Result } from "../src/result.ts";
import { parse } from "../src/schemas/parse.ts";
import { NotMigratedError, storageErrorOf } from "../src/storage/db.ts";
import { withLocalBindings } from "./local-bindings.ts";

const USAGE = `npm run clients -- create --name NAME --redirect-uri URI... [fields]
npm run clients -- list
npm run clients -- show CLIENT_ID
npm run clients -- update CLIENT_ID [fields]
npm run clients -- rotate-secret CLIENT_ID
npm run clients -- delete CLIENT_ID

Administers the OAuth clients of the local database. A secret is printed once, by create and
rotate-secret. Those of a deployed service are administered by AdminService.

--name                      What users see.
--redirect-uri              Where the browser returns to. Repeat it for each one.
--post-logout-redirect-uri  Where the browser may return to after a sign-out. Likewise.
--grant                     A grant type. Likewise. Default: authorization_code and refresh_token.
--scope                     A scope that the client may have. Likewise. Default: all.
--all-scopes                Takes the limit of an earlier --scope away.
--auth-method               client_secret_basic (default), client_secret_post, private_key_jwt or none.
--jwks                      File of the public keys of a client that signs (JWK Set), for private_key_jwt.
--first-party               It is your own app: users are not asked. --no-first-party: it is not.

--env         Environment of the wrangler configuration. Default: its top level.
--persist-to  Folder of the local database, as of npm start. Default: .wrangler/state.
--json        Prints JSON.
--help        Prints this text.`;

const text = { type: "string" } as const;
const texts = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;
const FIELDS = {
  name: text,
  "redirect-uri": texts,
  "post-logout-redirect-uri": texts,
  grant: texts,
  scope: texts,
  "all-scopes": flag,
  "first-party": flag,
  "auth-method": text,
  jwks: text,
} as const;
const OPTIONS = { ...FIELDS, env: text, "persist-to": text, json: flag, help: flag } as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** The option of each field of a client. */
const OPTION_OF: Record<string, keyof typeof FIELDS> = {
  client_name: "name",
  redirect_uris: "redirect-uri",
  post_logout_redirect_uris: "post-logout-redirect-uri",
  grant_types: "grant",
  scopes: "scope",
  first_party: "first-party",
  token_endpoint_auth_method: "auth-method",
  jwks: "jwks",
};

/** A problem to tell without a stack. */
class Refusal extends Error {}

/** Returns the fields that the options give. */
function fieldsOf(values: Values): Record<string, unknown> {
  const given = Object.entries(OPTION_OF).filter(([, option]) => values[option] !== undefined);
  return {
    ...Object.fromEntries(given.map(([field, option]) => [field, values[option]])),
    ...(values["all-scopes"] && { scopes: null }),
    ...(values.jwks !== undefined && { jwks: readJson(values.jwks) }),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Refusal(`--jwks: ${file} is missing, or no JSON.`);
  }
}

function parsed<Schema extends z.ZodMiniType>(schema: Schema, input: object): z.output<Schema> {
  const result = parse(schema, input);
  if (result.ok) return result.value;
  const lines = result.errors?.map(({ path, message }) => {
    const [field = ""] = path.split(/[.[]/);
    return `${OPTION_OF[field] ? `--${OPTION_OF[field]}` : path}: ${message}`;
  });
  throw new Refusal(lines?.join("\n") ?? USAGE);
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  if (result.code === "not_found") throw new Refusal("There is no such client, or it has no secret to rotate.");
  throw new Refusal(result.code);
}

type Act = (deps: Deps) => Promise<Result<object | undefined>>;

interface Command {
  takes: ("id" | "fields")[];
  /** Checks the fields, and returns the act. */
  prepare: (id: string, fields: object) => Act;
}

const COMMANDS: Record<string, Command> = {
  create: {
    takes: ["fields"],
    prepare(_, fields) {
      const client = parsed(NewClient, fields);
      return (deps) => createClient(deps, client);
    },
  },
  list: { takes: [], prepare: () => allClients },
  show: { takes: ["id"], prepare: (client_id) => (deps) => showClient(deps, { client_id }) },
  update: {
    takes: ["id", "fields"],
    prepare(client_id, fields) {
      const change = parsed(ClientChange, { ...fields, client_id });
      return (deps) => changeClient(deps, change);
    },
  },
  "rotate-secret": { takes: ["id"], prepare: (client_id) => (deps) => rotateClientSecret(deps, { client_id }) },
  delete: {
    takes: ["id"],
    prepare: (client_id) => async (deps) => {
      const removed = await removeClient(deps, { client_id });
      return removed.ok ? { ok: true, value: undefined } : removed;
    },
  },
};

/** Runs a command and returns what it prints. Throws a `Refusal` that says what is wrong. */
export async function clients(args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, allowNegative: true, options: OPTIONS });
  if (values.help) return USAGE;
  const [name = "", ...ids] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const isGiven = Object.keys(FIELDS).some((option) => option in values);
  if (!command || ids.length !== Number(command.takes.includes("id"))) throw new Refusal(USAGE);
  if (isGiven && !command.takes.includes("fields")) throw new Refusal(USAGE);

  const answer = await onLocalDatabase(values, command.prepare(ids[0] ?? "", fieldsOf(values)));
  if (values.json) return JSON.stringify(answer ?? {}, null, 2);
  if (!answer) return "Deleted.";
  if (name !== "list") return describe(answer);
  return (answer as ClientList).clients.map(lineOf).join("\n") || "There are no clients.";
}

/** Acts on the database that `npm start` serves, with its settings. */
async function onLocalDatabase(values: Values, act: Act): Promise<object | undefined> {
  const { env: environment, "persist-to": persistTo } = values;
  try {
    return await withLocalBindings({ environment, persistTo }, async (bindings: Env) => {
      const works: Promise<unknown>[] = [];
      const deps = await createDeps(bindings, { waitUntil: (work) => works.push(work) }, SYSTEM_CONTEXT);
      if (!deps.ok) throw new Refusal(wrongSettings(deps));
      const value = unwrap(await act(deps.value));
      await Promise.all(works);
      return value;
    });
  } catch (error) {
    const isNew = storageErrorOf(error as Error) instanceof NotMigratedError;
    throw isNew ? new Refusal("The database has no tables for clients yet. Run npm start once.") : error;
  }
}

const wrongSettings = ({ errors }: Err) =>
  ["Some settings are missing or wrong. npm start writes those of a new clone.", ...(errors ?? []).map(settingOf)].join(
    "\n",
  );
const settingOf = ({ path, message }: { path: string; message: string }) => `${path}: ${message}`;

const lineOf = ({ client_id, client_name, first_party }: OAuthClient) =>
  `${client_id}  ${client_name}${first_party ? " (first-party)" : ""}`;

const textOf = (value: unknown) => {
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "object" ? JSON.stringify(value) : value;
};

/** One line for each field that is set. */
const describe = (client: object): string =>
  Object.entries(client)
    .filter(([, value]) => value !== null && String(value) !== "")
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .join("\n");

if (import.meta.main) {
  await clients(process.argv.slice(2)).then(console.log, (error: Error) => {
    // Of a wrong option, the name is enough.
    const isExpected = error instanceof Refusal || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  });
}

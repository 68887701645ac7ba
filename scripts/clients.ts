/**
 * `npm run clients`: administers the OAuth clients of the local database or of a deployment, and
 * their API keys, by `AdminService`. What ends something for good has to be confirmed.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { AdminService } from "../src/contract/admin-service.ts";
import type { ApiKey, ApiKeyList, NewApiKey } from "../src/contract/api-keys.ts";
import type { ClientChange, ClientList, NewClient, OAuthClient } from "../src/contract/oauth-client.ts";
import type { Result } from "../src/result.ts";
import { withAdminService } from "./admin-service.ts";
import { describe, numberIn, row, unwrap } from "./admin-values.ts";
import { Refusal, run } from "./command.ts";
import { confirmName } from "./confirm.ts";
import { TARGET_OPTIONS, TARGET_USAGE } from "./target.ts";

const USAGE = `npm run clients -- create --name NAME --redirect-uri URI... [fields]
npm run clients -- list
npm run clients -- show CLIENT_ID
npm run clients -- update CLIENT_ID [fields]
npm run clients -- rotate-secret CLIENT_ID
npm run clients -- delete CLIENT_ID
npm run clients -- keys create CLIENT_ID --name NAME --scope SCOPE... [--expires-in SECONDS]
npm run clients -- keys list CLIENT_ID
npm run clients -- keys revoke KEY_ID

Administers the OAuth clients of the local database or of a deployment, and their API keys. A secret
is printed once, by create, rotate-secret and keys create.

--name                      What users see. Of an API key: what it is for.
--redirect-uri              Where the browser returns to. Repeat it for each one.
--post-logout-redirect-uri  Where the browser may return to after a sign-out. Likewise.
--grant                     A grant type. Likewise. Default: authorization_code and refresh_token.
--scope                     A scope that the client may have. Likewise. Default: all.
--all-scopes                Takes the limit of an earlier --scope away.
--auth-method               client_secret_basic (default), client_secret_post, private_key_jwt or none.
--jwks                      File of the public keys of a client that signs (JWK Set), for private_key_jwt.
--first-party               It is your own app: users are not asked. --no-first-party: it is not.
--expires-in                Lifetime of an API key. Default: it does not expire.

${TARGET_USAGE}
--yes          Does not ask before delete and keys revoke. Required without a terminal.
--json         Prints JSON.
--help         Prints this text.`;

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
const OPTIONS = { ...FIELDS, ...TARGET_OPTIONS, "expires-in": text, yes: flag, json: flag, help: flag } as const;
type FieldOption = keyof typeof FIELDS | "expires-in";

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

/** Returns the fields of an API key. */
const keyOf = ({ name, scope = [], "expires-in": seconds }: Values) => ({
  name,
  scopes: scope,
  ...(seconds !== undefined && { expires_in: numberIn(seconds) }),
});

interface Command {
  /** An id follows the name. */
  hasId?: boolean;
  takes?: readonly FieldOption[];
  /** Reads the options that it takes, before the database is opened. The service checks them. */
  read?(values: Values): object;
  /** It ends something for good: a person types the id, or `--yes` is set. */
  question?: string;
  act(service: AdminService, id: string, fields: object): Promise<Result<unknown>>;
  /** What `not_found` means. */
  notFound?: string;
}

const CLIENT_FIELDS = Object.keys(FIELDS) as FieldOption[];
const NO_CLIENT = "There is no such client.";

const COMMANDS: Record<string, Command> = {
  create: {
    takes: CLIENT_FIELDS,
    read: fieldsOf,
    act: (service, _, fields) => service.createClient(fields as NewClient),
  },
  list: { act: (service) => service.listClients() },
  show: { hasId: true, act: (service, id) => service.getClient(id), notFound: NO_CLIENT },
  update: {
    hasId: true,
    takes: CLIENT_FIELDS,
    read: fieldsOf,
    act: (service, id, fields) => service.updateClient(id, fields as ClientChange),
    notFound: NO_CLIENT,
  },
  "rotate-secret": {
    hasId: true,
    act: (service, id) => service.rotateClientSecret(id),
    notFound: "There is no such client, or it has no secret to rotate.",
  },
  delete: {
    hasId: true,
    question: "This deletes the client, and what its users allowed it.",
    act: (service, id) => service.deleteClient(id),
    notFound: NO_CLIENT,
  },
  "keys create": {
    hasId: true,
    takes: ["name", "scope", "expires-in"],
    read: keyOf,
    act: (service, client_id, fields) => service.createApiKey({ ...(fields as NewApiKey), client_id }),
    notFound: "There is no such client with the grant client_credentials.",
  },
  "keys list": { hasId: true, act: (service, client_id) => service.listApiKeys({ client_id }) },
  "keys revoke": {
    hasId: true,
    question: "This revokes the API key for good.",
    act: (service, id) => service.revokeApiKey(id),
    notFound: "There is no such API key.",
  },
};

/**
 * Runs a command and returns what it prints. Throws a `Refusal` that says what is wrong. `open`
 * opens the database.
 */
export async function clients(args: string[], open = withAdminService): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, allowNegative: true, options: OPTIONS });
  if (values.help) return USAGE;
  const length = positionals[0] === "keys" ? 2 : 1;
  const [name, ids] = [positionals.slice(0, length).join(" "), positionals.slice(length)];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command || ids.length !== Number(command.hasId ?? false)) throw new Refusal(USAGE);
  const given = ([...CLIENT_FIELDS, "expires-in"] as const).filter((option) => option in values);
  if (given.some((option) => !command.takes?.includes(option))) throw new Refusal(USAGE);

  const fields = command.read?.(values) ?? {};
  const [id = ""] = ids;
  if (command.question !== undefined && !values.yes) await confirmName(command.question, id);
  const answer = await open(values, async (service) => {
    const result = await command.act(service, id, fields);
    return unwrap(result, { notFound: command.notFound, optionOf }) as object | undefined;
  });
  if (values.json) return JSON.stringify(answer ?? {}, null, 2);
  if (!answer) return name === "delete" ? "Deleted." : "Revoked.";
  if (name === "list") return (answer as ClientList).clients.map(lineOf).join("\n") || "There are no clients.";
  if (name === "keys list")
    return (answer as ApiKeyList).api_keys.map(keyLineOf).join("\n") || "There are no API keys.";
  return describe(answer);
}

function optionOf(field: string): string | undefined {
  const option = { ...OPTION_OF, name: "name", expires_in: "expires-in" }[field];
  return option && `--${option}`;
}

const lineOf = ({ client_id, client_name, first_party }: OAuthClient) =>
  row(client_id, `${client_name}${first_party ? " (first-party)" : ""}`);

const keyLineOf = ({ id, name, scopes, expires_at, last_used_at }: ApiKey) =>
  row(id, name, scopes, expires_at && `expires ${expires_at}`, last_used_at && `last used ${last_used_at}`);

if (import.meta.main) run(clients);

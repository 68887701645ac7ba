/**
 * What `wrangler.toml` lacks for a deployment: its address, its variables and, in an environment,
 * the bindings, because environments inherit none. Nothing that is set is changed.
 */
import type { Unstable_RawConfig } from "wrangler";
import { isHost } from "../../src/config/urls.ts";
import { Mailbox } from "../../src/config/values.ts";
import { Refusal } from "../command.ts";
import { VERIFIER, verifierOf } from "../password-verifier.ts";
import { missingBindings } from "./bindings.ts";
import { addFields, append, type Fields, insert, linesOf, parseConfiguration } from "./toml.ts";

export interface Wishes {
  /** The environment. Empty: the top level. */
  env: string;
  domain?: string | undefined;
  mailFrom?: string | undefined;
  /** Bind the password verifier. */
  passwordVerifier?: boolean | undefined;
}

/** The names of Workers and queues have this alphabet. */
const ENVIRONMENT = /^[a-z\d]+(-[a-z\d]+)*$/;
const MAX_ENVIRONMENT_LENGTH = 30;
const WORKERS_DEV = ".workers.dev";

/** Returns the text with what is missing. Throws a `Refusal` if wishes and settings differ. */
export async function completeConfiguration(text: string, wishes: Wishes): Promise<string> {
  const { env } = wishes;
  checkWishes(wishes);
  const config = await parseConfiguration(text);
  const own = sectionOf(config, env);
  const issuer = issuerOf(own.vars?.["ISSUER"], wishes);
  const { host } = new URL(issuer);
  const worker = workerOf(config, env);
  if (host.endsWith(WORKERS_DEV) && !host.startsWith(`${worker}.`))
    throw new Refusal(`The Worker is called ${worker}, so its address begins with https://${worker}.`);

  const prefix = env && `env.${env}.`;
  const isNew = env !== "" && config.env?.[env] === undefined;
  let next = isNew ? append(text, [HEADING, `[env.${env}]`]) : text;
  next = env === "" ? withOwnAddress(next, own, host) : addFields(next, `env.${env}`, addressOf(config, own, host));
  next = addFields(next, `${prefix}vars`, missingVars(own, issuer, wishes));
  if (env !== "") {
    for (const { table, fields } of missingBindings(config, env, worker))
      next = append(next, [`[[${prefix}${table}]]`, ...linesOf(fields)]);
  }
  if (wishes.passwordVerifier && !own.services?.some(({ binding }) => binding === VERIFIER.binding)) {
    const service = { binding: VERIFIER.binding, service: verifierOf(config.name, env) };
    next = append(next, [`[[${prefix}services]]`, ...linesOf(service)]);
  }
  await check(next, text);
  return next;
}

const HEADING = "# Written by `npm run deploy`. An environment inherits no bindings and no [vars].";

/** The settings of an environment, or of the top level. */
export const sectionOf = (config: Unstable_RawConfig, env: string) => (env === "" ? config : (config.env?.[env] ?? {}));

/** The name of the Worker, as wrangler derives it. */
export const workerOf = (config: Unstable_RawConfig, env: string): string =>
  sectionOf(config, env).name ?? `${config.name}${env && `-${env}`}`;

function checkWishes({ env, domain, mailFrom }: Wishes) {
  if (env !== "" && (!ENVIRONMENT.test(env) || env.length > MAX_ENVIRONMENT_LENGTH))
    throw new Refusal(`--env: use up to ${MAX_ENVIRONMENT_LENGTH} of a-z, 0-9 and -, such as production.`);
  if (domain !== undefined && (!isHost(domain) || !/^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z][a-z\d-]*$/.test(domain)))
    throw new Refusal("--domain: name the host, such as auth.example.com.");
  if (mailFrom !== undefined && (!Mailbox.safeParse(mailFrom).success || /\p{Cc}/u.test(mailFrom)))
    throw new Refusal('--mail-from: name an email address, such as "Example <auth@example.com>".');
}

function issuerOf(issuer: unknown, { env, domain }: Wishes): string {
  const wanted = domain === undefined ? undefined : `https://${domain}`;
  if (typeof issuer !== "string") {
    if (wanted === undefined) throw new Refusal("Name the address: --domain auth.example.com");
    return wanted;
  }
  if (wanted !== undefined && wanted !== issuer)
    throw new Refusal(
      `The ISSUER of ${env || "the top level"} in wrangler.toml is ${issuer}. To move the service, change ISSUER and ` +
        "routes there: every session ends, and passkeys work only below RP_ID.",
    );
  if (!URL.canParse(issuer))
    throw new Refusal("ISSUER in wrangler.toml must be an origin, such as https://auth.example.com.");
  return issuer;
}

type Section = ReturnType<typeof sectionOf>;

const customDomain = (host: string) => [{ pattern: host, custom_domain: true }];

function addressOf({ routes }: Unstable_RawConfig, own: Section, host: string): Fields {
  const isOnWorkersDev = host.endsWith(WORKERS_DEV);
  return {
    ...(own.workers_dev === undefined && { workers_dev: isOnWorkersDev }),
    ...(own.preview_urls === undefined && { preview_urls: false }),
    ...(!hasRoutes(own) && !isOnWorkersDev && { routes: customDomain(host) }),
    // Inherited routes would take the domain of the top level away.
    ...(!hasRoutes(own) && isOnWorkersDev && routes && { routes: [] }),
  };
}

function withOwnAddress(text: string, own: Section, host: string): string {
  if (host.endsWith(WORKERS_DEV)) return text.replace(/^workers_dev = false$/m, "workers_dev = true");
  if (hasRoutes(own)) return text;
  const lines = linesOf({ routes: customDomain(host) });
  return insert(text, undefined, lines, /^(# routes|name) = /) ?? `${lines[0]}\n${text}`;
}

const hasRoutes = ({ route, routes }: Section) => route !== undefined || routes !== undefined;

function missingVars({ vars = {} }: Section, issuer: string, { mailFrom }: Wishes): Fields {
  const { ISSUER, MAIL_FROM } = vars;
  if (mailFrom !== undefined && MAIL_FROM && MAIL_FROM !== mailFrom)
    throw new Refusal(`MAIL_FROM is ${MAIL_FROM} in wrangler.toml. Change it there.`);
  return { ...(!ISSUER && { ISSUER: issuer }), ...(!MAIL_FROM && mailFrom !== undefined && { MAIL_FROM: mailFrom }) };
}

/** The tables whose entries have an id, and the names of that id. */
const IDS = {
  d1_databases: { id: "database_id", local: "preview_database_id" },
  kv_namespaces: { id: "id", local: "preview_id" },
} as const;

/**
 * Returns the text with the id of a resource. wrangler names the files of the local resource after
 * its id. At the top level, which `npm start` serves, a second id keeps them where they are.
 */
export async function withId(text: string, env: string, table: keyof typeof IDS, binding: string, id: string) {
  const names = IDS[table];
  const lines = [
    ...linesOf({ [names.id]: id }),
    ...(env === ""
      ? ["# The name of the local one, so that its data stays.", ...linesOf({ [names.local]: binding })]
      : []),
  ];
  const header = `[[${env && `env.${env}.`}${table}]]`;
  const next = insert(text, header, lines, new RegExp(`^\\s*binding\\s*=\\s*"${binding}"`));
  if (next === undefined)
    throw new Refusal(`Add this to ${binding} in wrangler.toml, and run the command again:\n${lines[0]}`);
  await check(next, text);
  return next;
}

/** Throws a `Refusal` that shows what is missing if the new text is no TOML. */
async function check(next: string, text: string) {
  await parseConfiguration(next).catch(() => {
    const lines = addedLines(text, next).join("\n");
    throw new Refusal(
      `wrangler.toml is spelled in a way that this command cannot add to. Add what this says:\n${lines}`,
    );
  });
}

/** The lines that were added, in their order. */
export function addedLines(before: string, after: string): string[] {
  const old = before.split("\n");
  return after.split("\n").filter((line) => {
    if (line !== old[0]) return line !== "";
    old.shift();
    return false;
  });
}

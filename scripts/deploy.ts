/**
 * `npm run deploy`: from a clone to a working address, and from one version to the next. Each step
 * finds what an earlier run has done, so a run that was cut off is started again.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Unstable_RawConfig } from "wrangler";
import { Refusal, run } from "./command.ts";
import { signIn } from "./deploy/account.ts";
import { addedLines, completeConfiguration, sectionOf, withId, workerOf } from "./deploy/configuration.ts";
import { agree, type Host, thisHost } from "./deploy/host.ts";
import { migrate } from "./deploy/migrations.ts";
import { createDatabase, createNamespace, createQueues } from "./deploy/resources.ts";
import { listSecrets, setSecrets } from "./deploy/secrets.ts";
import { parseConfiguration } from "./deploy/toml.ts";
import { boundVerifier, verifierArguments } from "./deploy/verifier.ts";
import type { Wrangler } from "./deploy/wrangler.ts";
import { examineConfiguration, examineDeployment } from "./doctor/examine.ts";
import { hasFailed, reportOf } from "./doctor/report.ts";
import { VERIFIER } from "./password-verifier.ts";

const USAGE = `npm run deploy -- --domain auth.example.com [--env NAME] [--mail-from "Acme <auth@example.com>"]
npm run deploy -- [--env NAME]

Deploys Gatehouse to your Cloudflare account, or updates it. The first form also writes what
wrangler.toml lacks, and creates the queues, the database, the KV namespace and the secrets that
do not exist. Nothing that exists is replaced. If it stops, run it again.

--domain     Host of the service, in a zone of your account, or <worker>.<subdomain>.workers.dev.
             Required until wrangler.toml has the ISSUER.
--mail-from  Sender of the mail.
--env        Environment of wrangler.toml. Default: its top level.
--password-verifier
             Also deploys the Worker that verifies the passwords of imported users, this time and
             with each update.
--yes        Asks nothing, and agrees to what would be asked. Without a terminal, or with CI set,
             nothing is asked either, and what needs a yes stops the command.
--dry-run    Prints what would be written and run, as for an empty account. Changes nothing.
--help       Prints this text.

At a terminal, wrangler signs you in to Cloudflare. CLOUDFLARE_API_TOKEN does so without one,
CLOUDFLARE_ACCOUNT_ID selects an account, WRANGLER names another wrangler.`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  env: text,
  domain: text,
  "mail-from": text,
  "password-verifier": flag,
  yes: flag,
  "dry-run": flag,
  help: flag,
} as const;

/** Runs the command, and returns what it prints last. Throws a `Refusal` that says what to do. */
export async function deploy(args: string[], host: Host = thisHost()): Promise<string> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return USAGE;
  const { env = "", domain, "mail-from": mailFrom, yes = false, "dry-run": isDryRun = false } = values;

  const file = configurationFile(host, isDryRun);
  const passwordVerifier = values["password-verifier"];
  const completed = await completeConfiguration(file.text, { env, domain, mailFrom, passwordVerifier });
  const config = await parseConfiguration(completed);
  const own = sectionOf(config, env);
  const accountId = own.account_id ?? config.account_id ?? host.environment["CLOUDFLARE_ACCOUNT_ID"];
  const wrangler = signIn(host, { isDryRun, mayAsk: !yes, accountId });
  file.write(completed);
  if (!isDryRun) await checkOrRefuse(host, env);
  const target = `--env=${env}`;
  const verifier = verifierToDeploy(host, config, env);
  for (const selected of [verifier, [target]])
    if (selected) wrangler.change(["deploy", "--dry-run", ...selected], { note: "builds and checks, uploads nothing" });

  const secrets = listSecrets(wrangler, env);
  const issuer = String(own.vars?.["ISSUER"]);
  if (secrets === undefined) await checkDomain(host, issuer, yes || isDryRun);
  await createResources(wrangler, file, env);
  // Without a sender, the key would make the settings invalid.
  const mayAsk = !yes && own.vars?.["MAIL_FROM"] !== undefined;
  await setSecrets(host, wrangler, { env, set: secrets ?? [], mayAsk });
  if (verifier) wrangler.change(["deploy", ...verifier], { mayAsk: !yes });
  await migrate(host, wrangler, env, yes || isDryRun);
  wrangler.change(["deploy", target], { mayAsk: !yes });
  if (isDryRun) return "This was a dry run: nothing was changed.";
  return await examine(host, env, issuer);
}

interface ConfigurationFile {
  text: string;
  write(next: string): void;
}

/** `wrangler.toml`. A write shows the added lines, and is whole or does not happen. */
function configurationFile({ folder, print }: Host, isDryRun: boolean): ConfigurationFile {
  const path = join(folder, "wrangler.toml");
  const file = {
    text: readFileSync(path, "utf8"),
    write(next: string) {
      if (next === file.text) return;
      print("wrangler.toml:");
      for (const line of addedLines(file.text, next)) print(`  + ${line}`);
      file.text = next;
      if (isDryRun) return;
      writeFileSync(`${path}.new`, next);
      renameSync(`${path}.new`, path);
    },
  };
  return file;
}

/** Stops before anything is created if the configuration cannot work. */
async function checkOrRefuse({ folder }: Host, env: string) {
  const findings = (await examineConfiguration({ env, folder })).filter(({ level }) => level === "fail");
  if (hasFailed(findings)) throw new Refusal(`The configuration has faults:\n${reportOf(findings)}`);
}

/** Returns the arguments that deploy the password verifier, if one is bound. */
function verifierToDeploy({ print }: Host, config: Unstable_RawConfig, env: string): string[] | undefined {
  const verifier = boundVerifier(config, env);
  if (!verifier?.isOwn) {
    if (verifier) print(`${VERIFIER.binding} is bound to ${verifier.name}, which this command does not deploy.`);
    return undefined;
  }
  return verifierArguments(verifier.name);
}

/** Without a terminal, wrangler replaces the DNS record of a custom domain and asks nobody. */
async function checkDomain(host: Host, issuer: string, isConfirmed: boolean) {
  const { hostname } = new URL(issuer);
  if (hostname.endsWith(".workers.dev") || !(await host.resolves(hostname))) return;
  await agree(host, isConfirmed, `${hostname} leads somewhere already. From now on it will lead to Gatehouse.`);
}

async function createResources(wrangler: Wrangler, file: ConfigurationFile, env: string) {
  const config = await parseConfiguration(file.text);
  const {
    queues: { producers = [], consumers = [] } = {},
    d1_databases = [],
    kv_namespaces = [],
  } = sectionOf(config, env);
  createQueues(
    wrangler,
    [...producers, ...consumers].map(({ queue = "" }) => queue),
  );
  for (const { binding, database_name = "", database_id } of d1_databases) {
    const id = database_id ?? createDatabase(wrangler, database_name);
    if (id !== undefined && !database_id) file.write(await withId(file.text, env, "d1_databases", binding, id));
  }
  for (const { binding, id: known } of kv_namespaces) {
    // The name that wrangler gives one which it creates itself.
    const title = `${workerOf(config, env)}-${binding.toLowerCase().replaceAll("_", "-")}`;
    const id = known ?? createNamespace(wrangler, title);
    if (id !== undefined && !known) file.write(await withId(file.text, env, "kv_namespaces", binding, id));
  }
}

const PROBE_MILLISECONDS = 10_000;
const WAIT_MILLISECONDS = 5000;
/** Five minutes: a new domain waits for its DNS record and its certificate. */
const MAX_WAITS = 60;

/** Waits until the address answers, and checks the deployment. */
async function examine(host: Host, env: string, issuer: string): Promise<string> {
  const answers = () =>
    fetch(`${issuer}/health`, { redirect: "manual", signal: AbortSignal.timeout(PROBE_MILLISECONDS) }).then(
      ({ status }) => status < 520,
      () => false,
    );
  host.print(`Waiting for ${issuer} …`);
  for (let n = 0; n < MAX_WAITS && !(await answers()); n++) await host.wait(WAIT_MILLISECONDS);
  const findings = await examineDeployment({ env, folder: host.folder });
  const report = reportOf(findings);
  if (!hasFailed(findings)) return `${report}\n\nGatehouse is deployed at ${issuer}. Commit wrangler.toml.`;
  const again = `npm run doctor --${env ? ` --env ${env}` : ` --url ${issuer}`}`;
  throw new Refusal(`${report}\n\nGatehouse is deployed, but not ready. Fix what failed, and check again: ${again}`);
}

if (import.meta.main) run(deploy);

/** Which checks belong to a deployment, and which to a clone. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { DEFAULT_ACCESS_TOKEN_TTL_SECONDS } from "../../src/config/values.ts";
import type { Config } from "../../src/config.ts";
import { importKeys } from "../../src/crypto/keys.ts";
import { parseOrigin } from "../../src/sdk/issuer.ts";
import { Refusal } from "../command.ts";
import { sectionOf } from "../deploy/configuration.ts";
import { parseConfiguration } from "../deploy/toml.ts";
import { checkAddress, checkConfiguration } from "./configuration.ts";
import { checkKeys } from "./keys.ts";
import { checkServedKeys, checkService } from "./live.ts";
import { checkDatabase } from "./local.ts";
import { checkOrigins } from "./origins.ts";
import { checkPeppers } from "./peppers.ts";
import type { Finding } from "./report.ts";
import { checkSenders } from "./senders.ts";
import { checkPlainSecrets, checkSettings } from "./settings.ts";
import { checkVerifier } from "./verifier.ts";

const LOCAL_URL = "http://localhost:8787";
const PROBE_MILLISECONDS = 2000;

export interface Deployment {
  /** An environment of wrangler.toml. Empty: its top level. */
  env: string;
  /** Default: the `ISSUER` of the configuration. */
  url?: string | undefined;
  folder?: string;
}

/** Checks the configuration of a deployment, without a request. */
export async function examineConfiguration({ env, folder = "." }: Deployment): Promise<Finding[]> {
  const config = await readConfiguration(folder, env);
  const vars = sectionOf(config, env).vars ?? {};
  const { findings, config: settings } = checkSettings(vars, false);
  return [
    ...findings,
    ...checkPlainSecrets(vars, env),
    ...checkAddress(config, env),
    ...checkConfiguration(config, env),
    ...checkVerifier(config, env),
    ...(settings ? [...checkSenders(settings, false), ...checkOrigins(settings)] : []),
  ];
}

/** Checks the configuration of a deployment, and the service at its address. */
export async function examineDeployment(deployment: Deployment): Promise<Finding[]> {
  const { env, folder = "." } = deployment;
  const { vars = {} } = sectionOf(await readConfiguration(folder, env), env);
  const url = deployment.url === undefined ? vars["ISSUER"] : originOf(deployment.url);
  const findings = await examineConfiguration(deployment);
  if (typeof url !== "string") return findings;
  const { findings: live, isUp, peppers } = await checkService(url, folder);
  const lifetime = Number(vars["ACCESS_TOKEN_TTL_SECONDS"]) || DEFAULT_ACCESS_TOKEN_TTL_SECONDS;
  const target = ` --issuer ${url}${env && ` --env ${env}`}`;
  return [
    ...findings,
    ...live,
    ...(isUp ? await checkServedKeys(url, { target, lifetime, now: now() }) : []),
    ...(peppers ? checkPeppers({ ...peppers, target, now: Date.now() }) : []),
  ];
}

interface Local {
  /** Default: that of `npm start`, if it runs. */
  url?: string | undefined;
  /** The folder of the local database. */
  persistTo?: string | undefined;
}

/** Checks what `npm start` uses, in the working directory. */
export async function examineClone(local: Local): Promise<Finding[]> {
  const config = await readConfiguration(".", "");
  const { vars: configured = {} } = config;
  if (!existsSync(".dev.vars"))
    return [{ check: "settings", level: "fail", message: "There is no .dev.vars. `npm start` writes it." }];
  const vars = { ...configured, ...parseEnv(readFileSync(".dev.vars", "utf8")) };
  const { findings, config: settings } = checkSettings(vars, true);
  return [
    ...findings,
    ...checkPlainSecrets(configured, ""),
    ...checkConfiguration(config, ""),
    ...(settings ? [...checkSenders(settings, true), ...checkOrigins(settings)] : []),
    ...(settings ? [...(await checkOwnKeys(settings)), ...checkOwnPeppers(settings)] : []),
    ...(await examineLocalService(local)),
  ];
}

async function examineLocalService({ url, persistTo }: Local): Promise<Finding[]> {
  if (url !== undefined) return (await checkService(originOf(url), ".")).findings;
  const signal = AbortSignal.timeout(PROBE_MILLISECONDS);
  const isRunning = await fetch(`${LOCAL_URL}/health`, { signal }).then(
    () => true,
    () => false,
  );
  if (isRunning) return (await checkService(LOCAL_URL, ".")).findings;
  const message = `It does not run at ${LOCAL_URL}.`;
  return [{ check: "service", level: "ok", message }, ...(await checkDatabase(persistTo))];
}

const BAD_KEYS = "JWT_SIGNING_KEYS: no key fits its alg. `npm run --silent secrets` creates a set.";

async function checkOwnKeys({ JWT_SIGNING_KEYS: keys, ACCESS_TOKEN_TTL_SECONDS: lifetime }: Config) {
  const isUsable = await importKeys(keys).then(
    () => true,
    // The error is not shown: it may quote the key.
    () => false,
  );
  const bad: Finding = { check: "keys", level: "fail", message: BAD_KEYS };
  return isUsable ? checkKeys({ keys, lifetime, target: "", now: now() }) : [bad];
}

const checkOwnPeppers = ({ pepperName: pepper, earlierPeppers: earlier }: Config) =>
  checkPeppers({ pepper, earlier, target: "", now: Date.now() });

async function readConfiguration(folder: string, env: string) {
  const file = join(folder, "wrangler.toml");
  if (!existsSync(file))
    throw new Refusal("There is no wrangler.toml here. Run the command in the folder of Gatehouse.");
  const config = await parseConfiguration(readFileSync(file, "utf8"));
  if (env !== "" && !config.env?.[env])
    throw new Refusal(`wrangler.toml has no environment ${env}. \`npm run deploy -- --env ${env}\` adds it.`);
  return config;
}

function originOf(url: string): string {
  try {
    return parseOrigin(url);
  } catch {
    throw new Refusal("--url: name an origin, such as https://auth.example.com.");
  }
}

const now = () => Math.floor(Date.now() / 1000);

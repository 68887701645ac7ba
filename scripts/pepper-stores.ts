/** Where the peppers are kept: the secrets of a deployment, or `.dev.vars`. */
import { writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { orderPeppers } from "../src/config/peppers.ts";
import { PEPPER_NAME } from "../src/config/values.ts";
import { Refusal } from "./command.ts";
import { deleteSecret, findDeployment, putSecret, secretNames } from "./deployed-secrets.ts";
import { DEV_VARS, readDevVars } from "./dev.ts";

const TIMEOUT_MILLISECONDS = 15_000;

export interface PepperStore {
  /** The text that a person types to confirm. */
  name: string;
  title: string;
  /** The names of the peppers, in the order of their times. */
  names: string[];
  /** The name of the one for new values. */
  current: string;
  pruneCommand: string;
  put(name: string, value: string): void;
  remove(name: string): void;
}

const pruneCommand = "npm run pepper -- prune";
const peppersOf = (names: string[]) => names.filter((name) => PEPPER_NAME.test(name)).sort();

/** Reads the names of the peppers of a deployment. Throws unless the service uses one of them. */
export async function deployedPeppers(address: string, env: string): Promise<PepperStore> {
  const { issuer, worker } = await findDeployment(address, env);
  const names = peppersOf(secretNames(env));
  const current = await pepperInUse(issuer);
  if (!names.includes(current))
    throw new Refusal(`${issuer} uses ${current}, which is no secret of ${worker}. Repeat the command in a minute.`);
  return {
    name: worker,
    title: `Worker ${worker} at ${issuer}`,
    names,
    current,
    pruneCommand: `${pruneCommand} --issuer ${issuer}${env && ` --env ${env}`}`,
    put: (name, value) => putSecret(env, name, value),
    remove: (name) => deleteSecret(env, name),
  };
}

/**
 * Asks the service which pepper it uses. A version that does not say so would not read a new one,
 * and could not run without the first.
 */
async function pepperInUse(issuer: string): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const answer = await fetch(`${issuer}/health/ready`, { redirect: "manual", signal }).catch(() => undefined);
  const { pepper } = ((await answer?.json().catch(() => undefined)) ?? {}) as { pepper?: unknown };
  if (typeof pepper === "string" && PEPPER_NAME.test(pepper)) return pepper;
  throw new Refusal(`${issuer} is not ready, or runs an earlier version. Run npm run deploy, then repeat the command.`);
}

/** Reads `.dev.vars`. Throws if it has no pepper. */
export function localPeppers(): PepperStore {
  const names = peppersOf(Object.keys(parseEnv(readDevVars())));
  const [current] = orderPeppers(
    names.map((name) => [name, name]),
    Date.now(),
  ).ordered;
  if (!current) throw new Refusal(`${DEV_VARS} has no PEPPER. Without the file, npm start writes it.`);
  return {
    name: DEV_VARS,
    title: `Peppers of ${DEV_VARS}`,
    names,
    current: current[0],
    pruneCommand,
    put: (name, value) => writeFileSync(DEV_VARS, `${readDevVars().trimEnd()}\n${name}='${value}'\n`),
    remove: (name) => {
      const rest = readDevVars().replace(new RegExp(`^${name}=.*\\n?`, "m"), "");
      if (name in parseEnv(rest)) throw new Refusal(`${DEV_VARS} has no line that starts with ${name}=.`);
      writeFileSync(DEV_VARS, rest);
    },
  };
}

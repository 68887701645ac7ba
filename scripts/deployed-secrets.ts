/**
 * A deployment, as the wrangler configuration describes it, and the names of its secrets. Every
 * command names the environment, so that `CLOUDFLARE_ENV` cannot select another one.
 */
import { parseOrigin } from "../src/sdk/issuer.ts";
import { Refusal } from "./command.ts";
import { readDeployment } from "./remote-bindings.ts";
import { startWrangler } from "./wrangler.ts";

export interface Deployment {
  issuer: string;
  /** The name of the Worker. */
  worker: string;
  /** An environment of the wrangler configuration. Empty: its top level. */
  env: string;
  vars: Record<string, unknown>;
}

/**
 * Finds a deployment. Throws unless `issuer` is the https (or loopback) `ISSUER` that the wrangler
 * configuration has for `env`.
 */
export async function findDeployment(issuer: string, env: string): Promise<Deployment> {
  const origin = originOf(issuer);
  const { name: worker = "", vars } = await readDeployment(env);
  const where = env === "" ? "the top level" : `environment ${env}`;
  if (vars.ISSUER !== origin)
    throw new Refusal(
      `${origin} is not the ISSUER of ${where} in the wrangler configuration: ${vars.ISSUER ?? "none"}.`,
    );
  return { issuer: origin, worker, env, vars };
}

function originOf(issuer: string): string {
  try {
    return parseOrigin(issuer);
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

/** Returns the names of the secrets. */
export const secretNames = (env: string): string[] =>
  (JSON.parse(wrangler(["secret", "list", "--format=json"], env)) as { name: string }[]).map(({ name }) => name);

export const putSecret = (env: string, name: string, value: string): string =>
  wrangler(["secret", "put", name], env, value);

export const deleteSecret = (env: string, name: string): string => wrangler(["secret", "delete", name], env);

/** Runs wrangler without a terminal, so that it asks no questions. Throws if it fails. */
function wrangler(command: string[], env: string, input = ""): string {
  const { status, stdout } = startWrangler([...command, `--env=${env}`], { input });
  if (status !== 0) throw new Refusal(`wrangler ${command.join(" ")} failed.`);
  return stdout;
}

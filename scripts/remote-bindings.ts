/** Bindings of a deployment, which wrangler lends to a command. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "./command.ts";
import { withBindings } from "./local-bindings.ts";

/** The parts of a wrangler configuration that find the account of a deployed Worker. */
export interface DeployedWorker {
  name?: string | undefined;
  account_id?: string | undefined;
  compliance_region?: string | undefined;
  compatibility_date?: string | undefined;
}

/**
 * Reads the configuration of an environment, empty for the top level. Ignores `CLOUDFLARE_ENV`.
 * Throws a `Refusal` if there is none.
 */
export async function readDeployment(environment: string) {
  const { unstable_readConfig } = await import("wrangler");
  const config = readOrRefuse(() => unstable_readConfig({ env: environment }, { hideWarnings: true }));
  if (environment === "" || config.definedEnvironments?.includes(environment)) return config;
  throw new Refusal(`The wrangler configuration has no environment ${environment}.`);
}

/** wrangler throws for an unknown environment if the configuration has others. */
function readOrRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

/**
 * Returns the configuration of a Worker that is never deployed and has only these bindings. It has
 * a name of its own, because wrangler gives the secrets of a deployed Worker to a preview of the
 * same name.
 */
export const borrowing = <Bindings extends object>(
  { name = "", account_id, compliance_region, compatibility_date }: DeployedWorker,
  bindings: Bindings,
) => ({
  name: `${name}-command-line`,
  compatibility_date,
  ...(account_id !== undefined && { account_id }),
  ...(compliance_region !== undefined && { compliance_region }),
  ...bindings,
});

/** wrangler asks for a sign-in or an account, unless it is told that nobody is there. */
export function askNothing() {
  process.env["CI"] ||= "true";
}

/** Runs `act` with the bindings of such a configuration. A connection that fails is a `Refusal`. */
export async function withRemoteBindings<Bindings, T>(
  config: object,
  act: (bindings: Bindings) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  let isConnected = false;
  try {
    const configPath = join(folder, "wrangler.json");
    writeFileSync(configPath, JSON.stringify(config));
    return await withBindings({ configPath, persist: false }, (bindings: Bindings) => {
      isConnected = true;
      return act(bindings);
    });
  } catch (error) {
    if (isConnected) throw error;
    throw new Refusal(
      `The deployment cannot be reached. Sign in with npx wrangler login, or set CLOUDFLARE_API_TOKEN.\n${(error as Error).message}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * `AdminService` for commands: that of the local database, which runs in this process, or that of a
 * deployment, over a service binding. Events have the caller `command line`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GetPlatformProxyOptions } from "wrangler";
import type { AdminService } from "../src/contract/admin-service.ts";
import { Refusal } from "./command.ts";
import { withLocalAdminService } from "./local-admin-service.ts";
import { withBindings } from "./local-bindings.ts";

/** The name in events. */
const CALLER = "command line";

/** The options of a command that select the service. */
export const TARGET_OPTIONS = {
  env: { type: "string" },
  remote: { type: "boolean" },
  "persist-to": { type: "string" },
} as const;

export const TARGET_USAGE = `--env NAME    Acts on the deployment of this environment of the wrangler configuration.
--remote      Acts on the deployment of its top level.
--persist-to  Folder of the local database, as of npm start. Default: .wrangler/state. With --env, the
              database is that of the environment.`;

export interface Target {
  env?: string | undefined;
  remote?: boolean | undefined;
  "persist-to"?: string | undefined;
  yes?: boolean | undefined;
}

type Act<T> = (service: AdminService) => Promise<T>;

/** Runs `act` with the service that the options select. Default: that of the local database. */
export async function withAdminService<T>(target: Target, act: Act<T>): Promise<T> {
  const { env: environment, remote = false, "persist-to": persistTo } = target;
  if (remote && persistTo !== undefined) throw new Refusal("Choose one of --remote and --persist-to.");
  const isDeployed = persistTo === undefined && (remote || environment !== undefined);
  if (!isDeployed) return withLocalAdminService({ persistTo, environment }, CALLER, act);
  // wrangler asks for a sign-in or an account, unless it is told that nobody is there.
  if (target.yes) process.env["CI"] ||= "true";
  return withBoundAdminService(bindingTo(await readWorker(environment), { remote: true }), act);
}

/** The parts of the wrangler configuration that find the deployed Worker. */
interface Worker {
  name?: string | undefined;
  account_id?: string | undefined;
  compliance_region?: string | undefined;
  compatibility_date?: string | undefined;
}

/** Reads the Worker of an environment. Empty: its top level, whatever `CLOUDFLARE_ENV` says. */
async function readWorker(environment = ""): Promise<Worker> {
  const { unstable_readConfig } = await import("wrangler");
  const config = unstable_readConfig({ env: environment }, { hideWarnings: true });
  if (environment === "" || config.definedEnvironments?.includes(environment)) return config;
  throw new Refusal(`The wrangler configuration has no environment ${environment}.`);
}

/**
 * Returns the configuration of a Worker that is never deployed: its only part is the binding, which
 * wrangler lends to this process. It has a name of its own, because wrangler gives the secrets of a
 * deployed Worker to a preview of the same name.
 */
export const bindingTo = (
  { name = "", account_id, compliance_region, compatibility_date }: Worker,
  { remote }: { remote: boolean },
) => ({
  name: `${name}-command-line`,
  compatibility_date,
  ...(account_id !== undefined && { account_id }),
  ...(compliance_region !== undefined && { compliance_region }),
  services: [{ binding: "ADMIN", service: name, entrypoint: "AdminService", props: { caller: CALLER }, remote }],
});

/** Runs `act` with the service of a binding. */
export async function withBoundAdminService<T>(config: ReturnType<typeof bindingTo>, act: Act<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  try {
    const configPath = join(folder, "wrangler.json");
    writeFileSync(configPath, JSON.stringify(config));
    return await connect({ configPath, persist: false }, act);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tells a connection that fails from an act that does. */
async function connect<T>(options: GetPlatformProxyOptions, act: Act<T>): Promise<T> {
  let isConnected = false;
  try {
    return await withBindings(options, ({ ADMIN }: { ADMIN: AdminService }) => {
      isConnected = true;
      return act(ADMIN);
    });
  } catch (error) {
    if (isConnected) throw error;
    throw new Refusal(
      `The deployment cannot be reached. Sign in with npx wrangler login, or set CLOUDFLARE_API_TOKEN.\n${(error as Error).message}`,
    );
  }
}

/**
 * Gives commands an `AdminService`. For the local database it runs in this process; that of a
 * deployment is called over a service binding. Events have the caller `command line`.
 */
import type { AdminService } from "../src/contract/admin-service.ts";
import { Refusal } from "./command.ts";
import { withLocalAdminService } from "./local-admin-service.ts";
import { borrowing, type DeployedWorker, readDeployment, withRemoteBindings } from "./remote-bindings.ts";

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
  return withBoundAdminService(bindingTo(await readDeployment(environment), { remote: true }), act);
}

/** Returns the configuration that borrows the service of a Worker. */
export const bindingTo = (worker: DeployedWorker, { remote }: { remote: boolean }) =>
  borrowing(worker, {
    services: [
      { binding: "ADMIN", service: worker.name ?? "", entrypoint: "AdminService", props: { caller: CALLER }, remote },
    ],
  });

/** Runs `act` with the service of a binding. */
export const withBoundAdminService = <T>(config: ReturnType<typeof bindingTo>, act: Act<T>): Promise<T> =>
  withRemoteBindings(config, ({ ADMIN }: { ADMIN: AdminService }) => act(ADMIN));

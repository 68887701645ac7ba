/**
 * Gives commands an `AdminService`. For the local database it runs in this process; that of a
 * deployment is called over a service binding. Events have the caller `command line`.
 */
import type { AdminService } from "../src/contract/admin-service.ts";
import { withLocalAdminService } from "./local-admin-service.ts";
import { askNothing, borrowing, type DeployedWorker, readDeployment, withRemoteBindings } from "./remote-bindings.ts";
import { deployedEnvironment, type Target } from "./target.ts";

/** The name in events. */
export const CALLER = "command line";

type Act<T> = (service: AdminService) => Promise<T>;

/** Runs `act` with the service of the target. With `yes`, wrangler asks nothing either. */
export async function withAdminService<T>(
  { yes, ...target }: Target & { yes?: boolean | undefined },
  act: Act<T>,
): Promise<T> {
  const environment = deployedEnvironment(target);
  if (environment === undefined) return withLocalAdminService({ persistTo: target["persist-to"] }, CALLER, act);
  if (yes) askNothing();
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

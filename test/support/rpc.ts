import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { AdminService, AuthService } from "../../src/index.ts";
import { hashCheaply } from "./world.ts";

/** The result of a method, untyped. */
// biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
export type Outcome = any;

/** Calls a method of AuthService as another Worker does. */
export const call = (world: { env: Env }, method: string, ...args: unknown[]): Promise<Outcome> =>
  callOn(AuthService, world, method, args);

/** Calls a method of AdminService as the Worker `back-office`. */
export const administer = (world: { env: Env }, method: string, ...args: unknown[]): Promise<Outcome> =>
  callOn(AdminService, world, method, args);

async function callOn(
  Entrypoint: typeof AuthService | typeof AdminService,
  { env }: { env: Env },
  method: string,
  args: unknown[],
) {
  await hashCheaply(env);
  const context = Object.assign(createExecutionContext(), { props: { caller: "back-office" } });
  const service = new Entrypoint(context, env) as unknown as Record<string, (...args: unknown[]) => unknown>;
  const outcome = await service[method]!(...args);
  await waitOnExecutionContext(context);
  return outcome;
}

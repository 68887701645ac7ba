import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { AuthService } from "../src/index.ts";

/** What a method answers over RPC in the shape of its types. */
// biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
export type Outcome = any;

/** Calls a method as another Worker would, in this world. */
export async function call(world: { env: Env }, method: string, ...args: unknown[]): Promise<Outcome> {
  const context = createExecutionContext();
  const service = new AuthService(context, world.env) as unknown as Record<string, (...args: unknown[]) => unknown>;
  const outcome = await service[method]!(...args);
  await waitOnExecutionContext(context);
  return outcome;
}

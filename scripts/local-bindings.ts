import { join } from "node:path";
import type { GetPlatformProxyOptions } from "wrangler";

/** wrangler keeps its state in a folder for the version of the format. */
export const STATE_VERSION = "v3";

/** Which local resources to open. */
export interface LocalState {
  /** The folder of the state, as of `wrangler dev --persist-to`. Default: `.wrangler/state`. */
  persistTo?: string | undefined;
  /** The wrangler configuration. Default: that of the working directory. */
  config?: string | undefined;
}

/** Runs `act` with the bindings that `wrangler dev` serves, in a workerd of its own. */
export const withLocalBindings = <Bindings, T>(
  { persistTo = ".wrangler/state", config }: LocalState,
  act: (bindings: Bindings) => Promise<T>,
): Promise<T> =>
  withBindings(
    {
      ...(config !== undefined && { configPath: config }),
      persist: { path: join(persistTo, STATE_VERSION) },
    },
    act,
  );

/** Runs `act` with the bindings of a wrangler configuration. */
export async function withBindings<Bindings, T>(
  options: GetPlatformProxyOptions,
  act: (bindings: Bindings) => Promise<T>,
): Promise<T> {
  // Only what the caller prints belongs to the output.
  const { WRANGLER_LOG } = process.env;
  process.env["WRANGLER_LOG"] ??= "error";
  // It takes seconds to load, which a wrong option need not wait for.
  const { getPlatformProxy } = await import("wrangler");
  const proxy = await getPlatformProxy<Bindings>(options);
  try {
    return await act(proxy.env);
  } finally {
    await proxy.dispose();
    if (WRANGLER_LOG === undefined) delete process.env["WRANGLER_LOG"];
  }
}

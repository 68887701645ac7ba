import type { Deps } from "../deps.ts";

/** What Hono knows of every request. */
export interface AppEnv {
  Bindings: Env;
  Variables: { deps: Deps };
}

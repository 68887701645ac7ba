import type { Deps } from "../deps.ts";
import type { ErrorCode } from "../errors.ts";

/** What Hono knows of every request. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    deps: Deps;
    /** Of the failure that is answered. */
    code?: ErrorCode;
  };
}

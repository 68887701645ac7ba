import type { Context } from "hono";
import type { Deps } from "../deps.ts";
import type { ErrorCode } from "../errors.ts";
import type { Err } from "../result.ts";

/** What Hono knows about every request. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    deps: Deps;
    /** Renders a failure: each entry point sets its own. */
    renderFailure: (c: Context, failure: Err) => Response | Promise<Response>;
    /** The code of the failure that is answered, for the log. */
    code?: ErrorCode;
  };
}

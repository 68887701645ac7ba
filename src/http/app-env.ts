import type { Context } from "hono";
import type { Deps } from "../deps.ts";
import type { ErrorCode } from "../errors.ts";
import type { Err } from "../result.ts";

/** The Hono environment of every request. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    deps: Deps;
    /** Renders a failure. Each entry point sets its own. */
    renderFailure: (c: Context, failure: Err) => Response | Promise<Response>;
    /** The error code of the response, for the log. */
    code?: ErrorCode;
  };
}

import type { LoginMethod } from "../config/values.ts";
import type { Deps } from "../deps.ts";
import { type Err, err } from "../result.ts";

/** Tests whether users can sign in by this method. */
export const offers = ({ config }: Pick<Deps, "config">, method: LoginMethod): boolean =>
  config.LOGIN_METHODS.includes(method);

/**
 * Returns the error of acts that belong to a method that `LOGIN_METHODS` does not list. The acts
 * ask, so that no entry point can forget it. Errors: `not_found`.
 */
export const refuseMethod = (deps: Pick<Deps, "config">, method: LoginMethod): Err | undefined =>
  offers(deps, method) ? undefined : { ...err("not_found"), detail: `\`LOGIN_METHODS\` does not list \`${method}\`.` };

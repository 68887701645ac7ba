import type { LoginMethod } from "../contract/factors.ts";
import { type Err, err } from "../result.ts";

/** The part of the dependencies that says how users sign in. */
export interface Offer {
  config: { LOGIN_METHODS: LoginMethod[] };
}

/** Tests whether users can sign in by this method. */
export const offers = ({ config }: Offer, method: LoginMethod): boolean => config.LOGIN_METHODS.includes(method);

/**
 * Returns the error of acts that belong to a method that `LOGIN_METHODS` does not list. The acts
 * ask, so that no entry point can forget it. Errors: `not_found`.
 */
export const refuseMethod = (deps: Offer, method: LoginMethod): Err | undefined =>
  offers(deps, method) ? undefined : { ...err("not_found"), detail: `\`LOGIN_METHODS\` does not list \`${method}\`.` };

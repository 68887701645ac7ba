import type { LoginMethod } from "../contract/factors.ts";
import { type Err, err } from "../result.ts";
import type { OfferedWays } from "../storage/ways-in.ts";

/** The part of the dependencies that says how users sign in. */
interface Offer {
  config: { LOGIN_METHODS: LoginMethod[] };
}

interface Ways extends Offer {
  config: Offer["config"] & { IDENTITY_PROVIDERS: { id: string }[] };
}

/** Says what signs a user in without anything else. */
export const offeredWays = (deps: Ways): OfferedWays => ({
  password: offers(deps, "password"),
  passkey: offers(deps, "passkey"),
  providers: deps.config.IDENTITY_PROVIDERS.map(({ id }) => id),
});

/** Tests whether users can sign in by this method. */
export const offers = ({ config }: Offer, method: LoginMethod): boolean => config.LOGIN_METHODS.includes(method);

/**
 * Returns the error of acts that belong to a method that `LOGIN_METHODS` does not list. The acts
 * ask, so that no entry point can forget it. Errors: `not_found`.
 */
export const refuseMethod = (deps: Offer, method: LoginMethod): Err | undefined =>
  offers(deps, method) ? undefined : { ...err("not_found"), detail: `\`LOGIN_METHODS\` does not list \`${method}\`.` };

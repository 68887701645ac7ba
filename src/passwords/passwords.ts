import type { Config } from "../config.ts";
import { type Err, err } from "../result.ts";
import { isBreached } from "./breaches.ts";
import { createHashing, type Hashing } from "./hashing.ts";
import { type AccountIdentifiers, isIdentifier } from "./quality.ts";

/** What can be done with passwords. Their length, and that they are not common, the schema of a request has seen to. Both
 *  refusals are `invalid_request`, which names this field. */
export interface Passwords extends Hashing {
  /** When a password to set is an identifier of its account or a name of this service. */
  rejectIdentifiers(field: string, password: string, own: AccountIdentifiers): Err | undefined;
  /** When, with `HIBP` on, a password to set is known from a data breach. */
  rejectBreached(field: string, password: string): Promise<Err | undefined>;
}

export function createPasswords(config: Config): Passwords {
  const site = new URL(config.ISSUER).hostname;
  return {
    ...createHashing(config.SCRYPT_PARAMS, config.SCRYPT_ENGINE),
    rejectIdentifiers: (field, password, own) =>
      isIdentifier(password, own, site)
        ? refuse(field, "Must not be an address or a name of the account or of this service.")
        : undefined,
    rejectBreached: async (field, password) =>
      config.HIBP === "on" && (await isBreached(password, config.HIBP_BASE_URL))
        ? refuse(field, "Is known from a data breach.")
        : undefined,
  };
}

const refuse = (field: string, message: string): Err => err("invalid_request", [{ path: field, message }]);

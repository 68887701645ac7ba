import type { Config } from "../config.ts";
import { type Err, err } from "../result.ts";
import { isBreached } from "./breaches.ts";
import { createHashing, type Hashing } from "./hashing.ts";
import { isOwn, type OwnIdentifiers } from "./quality.ts";

/** What can be done with passwords. Their length, and that they are not common, the schema of a request has seen to. */
export interface Passwords extends Hashing {
  /** `invalid_request`, which names this field, when a password to set is one of the account's own identifiers, or, with
   *  `HIBP` on, known from a data breach. */
  refusal(field: string, password: string, own: OwnIdentifiers): Promise<Err | undefined>;
  /** The same, of identifiers alone. */
  refuseOwn(field: string, password: string, own: OwnIdentifiers): Err | undefined;
}

export function createPasswords(config: Config): Passwords {
  const site = new URL(config.ISSUER).hostname;
  const refuseOwn = (field: string, password: string, own: OwnIdentifiers) =>
    isOwn(password, own, site)
      ? refuse(field, "Must not be an address or a name of the account or of this service.")
      : undefined;
  return {
    ...createHashing(config.SCRYPT_PARAMS, config.SCRYPT_ENGINE),
    refuseOwn,
    async refusal(field, password, own) {
      const refused = refuseOwn(field, password, own);
      if (refused || config.HIBP === "off" || !(await isBreached(password, config.HIBP_BASE_URL))) return refused;
      return refuse(field, "Is known from a data breach.");
    },
  };
}

const refuse = (field: string, message: string): Err => err("invalid_request", [{ path: field, message }]);

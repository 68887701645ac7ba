/**
 * Password policy and hashing, configured by the settings.
 *
 * The request schema (`schemas/password.ts`) checks the length and the list of common passwords.
 * The checks here need more than the password: the account's identifiers, or the network. Nothing
 * here reads or writes the database.
 */
import type { Config } from "../config.ts";
import { type Err, err, type FieldCode } from "../result.ts";
import { isBreached } from "./breaches.ts";
import { createHashing, type Hashing } from "./hashing.ts";
import { type AccountIdentifiers, isIdentifier } from "./quality.ts";

/** Hashes passwords and rejects weak ones. The `reject` functions return `invalid_request`. */
export interface Passwords extends Hashing {
  /** Rejects a new password that is an identifier of its account or a name of this service. */
  rejectIdentifiers(field: string, password: string, own: AccountIdentifiers): Err | undefined;
  /**
   * Rejects a new password that is known from a data breach, if `HIBP` is on. Returns
   * `check_unavailable` if that is not known and `FAIL_CLOSED` names the check.
   */
  rejectBreached(field: string, password: string): Promise<Err | undefined>;
}

export function createPasswords(config: Config): Passwords {
  const site = new URL(config.ISSUER).hostname;
  return {
    ...createHashing(config.SCRYPT_PARAMS, config.SCRYPT_ENGINE),
    rejectIdentifiers: (field, password, own) =>
      isIdentifier(password, own, site)
        ? refuse(field, "identifier_as_password", "Must not be an address or a name of the account or of this service.")
        : undefined,
    rejectBreached: async (field, password) => {
      const breached = config.HIBP === "on" && (await isBreached(password, config.HIBP_BASE_URL));
      // By default an outage must not keep users from setting a password.
      if (breached === "unavailable")
        return config.FAIL_CLOSED.includes("breaches") ? err("check_unavailable") : undefined;
      return breached ? refuse(field, "breached_password", "Must not be known from a data breach.") : undefined;
    },
  };
}

const refuse = (path: string, code: FieldCode, message: string): Err =>
  err("invalid_request", [{ path, code, message }]);

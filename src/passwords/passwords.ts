/**
 * Password policy and hashing, configured by the settings.
 *
 * The request schema (`schemas/password.ts`) checks the length. The checks here need more than the
 * password: a list, the account's identifiers, or the network. Nothing here reads or writes the
 * database.
 */
import type { Config } from "../config.ts";
import { type Err, err, type FieldCode } from "../result.ts";
import { isBreached } from "./breaches.ts";
import { isCommon } from "./common.ts";
import { createHashing, type Hashing, type HashingParts } from "./hashing.ts";
import { type AccountIdentifiers, isIdentifier } from "./quality.ts";

/**
 * Hashes passwords and rejects weak ones. The `reject` functions return `invalid_request`, or
 * `check_unavailable` if a check does not respond and `FAIL_CLOSED` names `breaches`.
 */
export interface Passwords extends Hashing {
  /**
   * Rejects a new password that is one of the most common, an identifier of its account or a name
   * of this service.
   */
  rejectGuessable(field: string, password: string, own?: AccountIdentifiers): Promise<Err | undefined>;
  /** Rejects a new password that is known from a data breach, if `HIBP` is on. */
  rejectBreached(field: string, password: string): Promise<Err | undefined>;
}

export function createPasswords(config: Config, assets: Fetcher, parts: HashingParts): Passwords {
  const site = new URL(config.ISSUER).hostname;
  /** Refuses what a check has found. */
  const refuse = (found: boolean | "unavailable", path: string, code: FieldCode, message: string) => {
    // By default an outage must not keep users from setting a password.
    if (found === "unavailable") return config.FAIL_CLOSED.includes("breaches") ? err("check_unavailable") : undefined;
    return found ? err("invalid_request", [{ path, code, message }]) : undefined;
  };
  return {
    ...createHashing(config.SCRYPT_PARAMS, config.SCRYPT_ENGINE, parts),
    rejectGuessable: async (field, password, own = {}) =>
      refuse(
        await isCommon(password, assets),
        field,
        "common_password",
        "Must not be one of the most common passwords.",
      ) ??
      refuse(
        isIdentifier(password, own, site),
        field,
        "identifier_as_password",
        "Must not be an address or a name of the account or of this service.",
      ),
    rejectBreached: async (field, password) =>
      refuse(
        config.HIBP === "on" && (await isBreached(password, config.HIBP_BASE_URL)),
        field,
        "breached_password",
        "Must not be known from a data breach.",
      ),
  };
}

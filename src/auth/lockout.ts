import { hmac } from "../crypto/hmac.ts";
import type { Deps } from "../deps.ts";
import { type Err, err } from "../result.ts";
import type { Identifier } from "../schemas/identifier.ts";
import type { IdentifierKey, Lockout } from "../storage/lockouts.ts";
import { logEvent } from "./after-commit.ts";

/**
 * Returns the key under which guesses at this identifier are counted. The digest reveals nothing
 * about what was typed and folds case as the columns do, ASCII only.
 */
export const lockoutKey = ({ config }: Deps, { kind, value }: Identifier): IdentifierKey => ({
  kind,
  value,
  digest: hmac(config.PEPPER[0], ["identifier", value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())]).toString(
    "base64url",
  ),
});

/** Returns `too_many_attempts` while the account is locked, for a right guess too. */
export function lockoutError(
  deps: Deps,
  lockout: Lockout | undefined,
  now: number,
  userId: string | null = null,
): Err | undefined {
  if (!lockout || lockout.lockedUntil <= now) return undefined;

  logEvent(deps, "locked_out", userId);
  return { ...err("too_many_attempts"), retryAfterSeconds: Math.ceil((lockout.lockedUntil - now) / 1000) };
}

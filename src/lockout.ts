import { hmac } from "./crypto/hmac.ts";
import type { Deps } from "./deps.ts";
import { type Err, err } from "./result.ts";
import type { Identifier } from "./schemas/identifier.ts";
import type { IdentifierKey, Lockout } from "./storage/lockouts.ts";

/** Whose failures a guess by this identifier counts among. The digest tells nobody what somebody typed by mistake, and folds
 *  letters as the columns do, ASCII alone. */
export const lockoutKey = ({ config }: Deps, { kind, value }: Identifier): IdentifierKey => ({
  kind,
  value,
  digest: hmac(config.PEPPER[0], ["identifier", value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())]).toString(
    "base64url",
  ),
});

/** `too_many_attempts` while guesses at this user are blocked, for a right one too. */
export function lockoutError(
  deps: Deps,
  lockout: Lockout | undefined,
  now: number,
  userId: string | null = null,
): Err | undefined {
  if (!lockout || lockout.lockedUntil <= now) return undefined;

  deps.logSecurityEvent("locked_out", userId);
  return { ...err("too_many_attempts"), retryAfterSeconds: Math.ceil((lockout.lockedUntil - now) / 1000) };
}

import { hmac } from "./crypto/hmac.ts";
import type { Deps } from "./deps.ts";
import { type Err, err } from "./result.ts";
import type { Identifier } from "./schemas/identifier.ts";
import type { NamedTarget, Throttle } from "./storage/throttles.ts";

/** Whose failures a guess by this identifier counts among. The digest tells nobody what somebody typed by mistake, and folds
 *  letters as the columns do, ASCII alone. */
export const targetOf = ({ config }: Deps, { kind, value }: Identifier): NamedTarget => ({
  kind,
  value,
  digest: hmac(config.PEPPER[0], ["identifier", value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())]).toString(
    "base64url",
  ),
});

/** `too_many_attempts` while guesses at this user are blocked, for a right one too. */
export function blockOf(
  deps: Deps,
  throttle: Throttle | undefined,
  now: number,
  userId: string | null = null,
): Err | undefined {
  if (!throttle || throttle.blockedUntil <= now) return undefined;

  deps.report("guess_blocked", userId);
  return { ...err("too_many_attempts"), retryAfterSeconds: Math.ceil((throttle.blockedUntil - now) / 1000) };
}

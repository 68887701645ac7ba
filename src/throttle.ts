import { hmac } from "./crypto/hmac.ts";
import type { Deps } from "./deps.ts";
import { type Err, err } from "./result.ts";
import type { Identifier } from "./schemas/identifier.ts";
import type { Throttle } from "./storage/throttles.ts";

/** Whose failures a guess by this identifier counts among. The digest tells nobody what somebody typed by mistake. */
export const targetOf = ({ config }: Deps, { kind, value }: Identifier) => ({
  kind,
  value,
  digest: hmac(config.PEPPER[0], ["identifier", kind, value.toLowerCase()]).toString("base64url"),
});

/** `too_many_attempts` while guesses are blocked, for a right one too. */
export function blockOf(throttle: Throttle | undefined, now: number): Err | undefined {
  if (!throttle || throttle.blockedUntil <= now) return undefined;
  return { ...err("too_many_attempts"), retryAfterSeconds: Math.ceil((throttle.blockedUntil - now) / 1000) };
}

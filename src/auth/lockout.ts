import { hmac } from "../crypto/hmac.ts";
import type { Deps } from "../deps.ts";
import { type Err, err } from "../result.ts";
import type { Identifier } from "../schemas/identifier.ts";
import type { Recorded } from "../storage/failed-attempts.ts";
import type { GuessSource } from "../storage/lockout-subjects.ts";
import { FOREVER, type Lockout } from "../storage/lockouts.ts";
import type { IdentifierGuess } from "../storage/sign-in-accounts.ts";
import { afterCommit, logEvent } from "./after-commit.ts";
import { namedDevice } from "./device.ts";

/**
 * Describes a guess at the account that an identifier names. The digest reveals nothing about what
 * was typed and folds case as the columns do, ASCII only. `deviceToken` is that of the body.
 */
export const guessAt = (deps: Deps, { kind, value }: Identifier, deviceToken?: string): IdentifierGuess => ({
  ...guessSource(deps, deviceToken),
  account: {
    kind,
    value,
    digest: hmac(deps.config.PEPPER[0], [
      "identifier",
      value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    ]).toString("base64url"),
  },
});

/** Where this request's guess comes from. */
export const guessSource = (deps: Deps, deviceToken?: string): GuessSource => ({
  network: deps.requestContext.ip,
  device: namedDevice(deps, deviceToken),
});

/**
 * Returns `too_many_attempts` while the account is locked, even for a correct guess. Without a time
 * to retry only what `LOCKED_FACTOR` names ends the lockout.
 */
export function lockoutError(
  deps: Deps,
  lockout: Lockout | undefined,
  now: number,
  userId: string | null = null,
): Err | undefined {
  if (!lockout || lockout.lockedUntil <= now) return undefined;

  logEvent(deps, "locked_out", userId);
  const locked = err("too_many_attempts");
  if (lockout.lockedUntil === FOREVER) return { ...locked, detail: LOCKED_FACTOR };
  return { ...locked, retryAfterSeconds: Math.ceil((lockout.lockedUntil - now) / 1000) };
}

/**
 * Finishes a failed attempt: tells the owner if it locked the second factor. Returns what
 * `lockoutError` does for the lockout as it was before.
 */
export function afterFailure(
  deps: Deps,
  { lockout, alarm }: Recorded,
  now: number,
  userId: string | null,
): Err | undefined {
  if (alarm) afterCommit(deps, { event: "second_factor_locked", userId: alarm.userId, notice: alarm });
  return lockoutError(deps, lockout, now, userId);
}

const LOCKED_FACTOR =
  "After 100 wrong codes the second factor is locked. A reset of the password unlocks it, or an administrator who removes the second factors.";

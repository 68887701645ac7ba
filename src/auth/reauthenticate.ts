/**
 * Re-authentication: proves the user of a session again, before acts that a stolen access token
 * must not allow. A proof is a credential in the request; without one the session itself must have
 * been authenticated recently.
 */
import type { SessionRef } from "../contract/session-ref.ts";
import type { Deps } from "../deps.ts";
import { type Err, err, ok, type Result } from "../result.ts";
import { recordReauthenticationFailure } from "../storage/failed-attempts.ts";
import type { Lockout } from "../storage/lockouts.ts";
import { findSessionCredentials, type SessionCredentials } from "../storage/passwords.ts";
import type { Reauthenticated } from "../storage/session-conditions.ts";
import { logEvent } from "./after-commit.ts";
import { lockoutError } from "./lockout.ts";

/** The credentials of a request that prove its user again. */
export interface Credentials {
  password?: string | undefined;
}

interface Reauthentication {
  /**
   * For the act's batch, which has to check it again first: concurrent requests may all get here.
   */
  owner: Reauthenticated;
  user: SessionCredentials;
}

/**
 * Proves the user of a session again.
 *
 * Errors: those of `findActor` and `verifyCredentials`.
 */
export async function reauthenticate(
  deps: Deps,
  session: SessionRef,
  credentials: Credentials,
): Promise<Result<Reauthentication>> {
  const actor = await findActor(deps, session, credentials);
  return actor.ok ? verifyCredentials(deps, session, actor.value, credentials) : actor;
}

/**
 * Finds the user who has to prove a credential.
 *
 * Errors: `unauthenticated` if the session has ended; `reauthentication_required` if there is no
 * credential and the session was not authenticated recently; `too_many_attempts`.
 */
export async function findActor(
  deps: Deps,
  session: SessionRef,
  { password }: Credentials,
): Promise<Result<SessionCredentials>> {
  const now = deps.now();
  const { lockout, user } = await findSessionCredentials(deps.db, session, now);
  if (!user) return err("unauthenticated");
  // Only a guess can be locked out: strangers must not keep the owner of a fresh session from
  // acting.
  if (password !== undefined) return lockoutError(deps, lockout, now, user.id) ?? ok(user);

  const maxAgeMilliseconds = deps.config.REAUTHENTICATION_SECONDS * 1000;
  const isRecent = maxAgeMilliseconds > 0 && now - user.authenticatedAt <= maxAgeMilliseconds;
  return isRecent ? ok(user) : err("reauthentication_required");
}

/**
 * Verifies the credentials of this user, whom `findActor` found, and counts a wrong password.
 *
 * Errors: `invalid_credentials`, `too_many_attempts`, `overloaded`.
 */
export async function verifyCredentials(
  deps: Deps,
  session: SessionRef,
  user: SessionCredentials,
  { password }: Credentials,
): Promise<Result<Reauthentication>> {
  const { credentialVersion } = user;
  if (password === undefined) return ok({ owner: { session, credentialVersion, byPassword: false }, user });

  const matches = await deps.passwords.verify(password, user.passwordHash);
  if (!matches.ok) return matches;
  if (matches.value !== "no") return ok({ owner: { session, credentialVersion, byPassword: true }, user });

  const audit = deps.audit();
  const lockout = await recordReauthenticationFailure(deps.db, session, audit);
  const locked = lockoutError(deps, lockout, audit.at, user.id);
  if (locked) return locked;

  logEvent(deps, "reauthentication_failed", user.id);
  return err("invalid_credentials");
}

/** Returns the error of an act that was not done because its proof no longer holds. */
export function staleProof(deps: Deps, owner: Reauthenticated, lockout: Lockout | undefined, now: number): Err {
  if (!owner.byPassword) return err("reauthentication_required");
  return lockoutError(deps, lockout, now, owner.session.userId) ?? err("invalid_credentials");
}
